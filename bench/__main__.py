"""`python -m bench`: measures the estate under load and prints a table."""

import argparse
import statistics

from bench import client, commits, orders
from bench.estate import Estate


def main() -> int:
    p = argparse.ArgumentParser()
    p.add_argument("--quick", action="store_true")
    p.add_argument("--orders", type=int, default=0)
    a = p.parse_args()
    n = a.orders or (150 if a.quick else 1000)
    for clients in (1, 4, 16):
        with Estate() as e:
            tok = e.token("gke-checkout")
            client.run(e.port, orders.requests(f"127.0.0.1:{e.port}", tok, 10_000_000, 20), 4)
            e.await_idle(30)
            u, c = e.usage(), commits.counts(e.data)
            r = orders.requests(f"127.0.0.1:{e.port}", tok, 0, n)
            o = client.run(e.port, r, clients)
            idle = e.await_idle(600)
            u2, c2 = e.usage(), commits.counts(e.data)
            q = statistics.quantiles([x * 1000 for x in o.latencies], n=100)
            print(f"clients {clients}: {dict(o.statuses)} ready {e.ready_s:.2f}s accepted {n/(o.ended-o.began):.1f}/s settled {n/(idle-o.began):.1f}/s p50 {q[49]:.1f} p95 {q[94]:.1f} p99 {q[98]:.1f} ms; cpu/order user {(u2.user_s-u.user_s)/n*1000:.1f} sys {(u2.system_s-u.system_s)/n*1000:.1f} ms; client cpu {o.client_cpu_s/n*1e6:.0f} us/order; rss {u2.rss_mib:.0f} pss {u2.pss_mib:.0f}")
            print("  commits/order", {k: round((c2[k]-c.get(k,0))/n,1) for k in c2}, sum(c2[k]-c.get(k,0) for k in c2)/n)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
