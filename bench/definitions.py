"""What the table's words mean, for docs/benchmarks.md."""

from bench.cost import MEMORY_GIB, SOURCE, USE
from bench.peers.published import SOURCE as PEERS_SOURCE

DEFINITIONS = f"""\
* One order: three standard products, four pieces, a customer nobody knew before, paid with `tok_visa`. Each number of
  clients gets a fresh estate, as anybody starts it (`python -m shared.hosts.local --fulfil auto`), and {{warm}} orders
  to warm it.
* Accepted: confirmed 201s / (first byte sent to last answer), each client sending its next order when its last is
  answered, while deliveries and fulfilment run on the same cores. Settled: confirmed orders / (first byte sent to
  `/-/idle` answering 200, asked every 0.1 s). By then every order is delivered, captured, recognised as revenue and
  readable in the data warehouse: checked in sums over all orders (trial balance, control totals, daily sales,
  reconciliation, stock, dead letters) and by routes for a sample.
* Event latency: from checkout's commit of `order.confirmed` to the first commit that it causes in each of four
  consumers, on an idle estate, seen from outside in the databases' WAL indexes (0.1 to 0.2 ms coarse). The line with
  a goal takes all four together.
* Marks: half goal, goal and beyond are stated for two cores with every commit durable; "reached" names the furthest one
  that was passed.
* Stored orders: {{template}} real orders are brought to their end and copied in every database under new ids and times,
  spread over up to 150 days; what has expired since is left out, indexes are built anew, so they are denser than grown
  ones. Few and many take turns in {{rounds}} rounds on the same machine; medians of the rounds, percentiles over all.
* Peers: Vendure runs in the same run if asked (`--peers`) where node is present: a whole checkout of three products by
  nine requests of its own shop API, its driver beside it as ours is. Others: {PEERS_SOURCE}:
{{published}}
* Hot SKU: one product with 100 pieces at three locations, split over {{shards}} shards; 500 buyers of one piece from 16
  clients. Its rate is pieces sold until the last one was / time since the first byte sent; normal is that of 500
  buyers of one piece of nine well-stocked products, in the same estate just before.
* Commits: SQLite's own counter of each file, DuckDB's apart. CPU: user and kernel time of all the estate's processes
  from /proc until idle, the load client apart. fdatasync: median for one page in the same kind of folder just before.
* First 200: from starting the process to its first answer, each in an empty data folder; the slowest of each kind is
  held to its goal. Ready: `/health` of every service, which Cloud Run's startup probe asks. A first GET also loads its
  capability, opens the database and reads it; its token is as Cloud Run hands it on, checked and without its signature,
  and one is asked once more with a signature to be checked. Google's clients: platform `cloud`, its Firestore an
  emulator.
* USD: {SOURCE}. Assumed:
  {MEMORY_GIB} GiB an instance, {USE:.0%} of its billed time at work; Firestore, Pub/Sub, BigQuery and traffic are not
  in it. It grows in a straight line with orders; more lines in an order raise CPU, hardly requests.
"""
