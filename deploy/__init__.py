"""What the pipelines do beside `make check`: image, canary, Terraform, fraud's app.

Commands are made, and what they answer is judged, by pure functions.
"""
