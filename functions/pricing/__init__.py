"""Prices orders: list prices, tier discounts, currency conversion, tax and shipping charges.

Owns the dated tables in `tables/`, each with its source, and the rules over them. Pure: no database, no calls, no clock
(the order brings its own time). Never touches stock, customers or money that moves; what freight costs is furniture's
to say.
"""
