"""The five network requirements of the business, and the flows that show each."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.terraform.reachability.estate import Estate
from tests.terraform.reachability.ways import INTERNET


@dataclass(frozen=True)
class Requirement:
    """One requirement: how it is met, and which flows it is about."""

    title: str
    words: str
    concerns: Callable[[Estate, str, str], bool]
    """Whether the flow of a caller to a service shows it."""


def _in_serverless(estate: Estate, caller: str, service: str) -> bool:
    apart = estate.rows.networks.networks[estate.rows.services[service].network]
    lives = caller in estate.rows.services and estate.callers[caller].network == "serverless"
    return lives and apart.cloud == "google" and apart.reached_by != "vpc"


REQUIREMENTS = (
    Requirement(
        "1. No public ingress",
        """
        No service has a public address. Cloud Run's ingress is `internal` for every one of them, so that
        Google's front end refuses what comes from the Internet before IAM is asked; the load balancers'
        addresses are private (RFC 1918); Azure's function app has public access off. Nothing is granted to
        `allUsers`. The only public addresses are those that both VPN gateways speak IPsec from, and address
        translation's, at which nobody listens.
        """,
        lambda estate, caller, service: caller == INTERNET,
    ),
    Requirement(
        "2. Producer and consumer are separate",
        """
        Inventory's VPC is peered with nobody and has no route to the Internet. Its load balancer is published
        by one service attachment, which accepts the two networks on its list and nobody else; each has an
        endpoint, an address of its own. The attachment carries connections one way. What runs in the VPC can
        call Google's APIs alone.
        """,
        lambda estate, caller, service: "inventory" in (caller, service),
    ),
    Requirement(
        "3. Serverless services reach back into private networks",
        """
        Services on Cloud Run take addresses of the VPC `serverless` (Direct VPC egress, all traffic), each with
        a tag that the firewall knows it by: accounting gets to crm, warehouse to inventory, and who has no row
        there does not.
        """,
        _in_serverless,
    ),
    Requirement(
        "4. Azure only through the encrypted tunnel",
        """
        Fraud has one door, a private endpoint in the VNet. HA VPN joins the VPC `serverless` to it: two
        tunnels, routes by BGP. The cluster's VPC has no route there, because peering hands nothing on. Google
        tells Azure of the callers' ranges and its resolvers' alone, so nothing in Azure can begin a connection
        to a service. Beside the network, fraud lets in the Entra applications that the callers' Google accounts
        are federated with. The agents that deploy it come to the same door, which is its deployment's too, and have no
        token that fraud takes.
        """,
        lambda estate, caller, service: "fraud" in (caller, service),
    ),
    Requirement(
        "5. CRM is balanced behind an address that stays",
        """
        Clients call a name that leads to one reserved address, of a regional internal Application Load
        Balancer; behind it Cloud Run starts and stops instances without their noticing.
        """,
        lambda estate, caller, service: service == "crm",
    ),
)
