"""Prices orders: list prices, tier discounts, currency conversion, tax and shipping charges.

Owns the price lists and the dated tables in `tables/`, each with its source, and the rules over them; Tax and VatIds
are ports with embedded adapters. Pure: no database, no calls, and an order brings its own time. Never touches stock,
customers or money that moves; what freight costs is furniture's to say.
"""
