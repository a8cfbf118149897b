"""ISO 4217: which codes exist here and how many minor digits each has.

Source: ISO 4217 list one (2026-01-01), https://www.six-group.com/en/products-services/financial-information/data-standards.html;
`tests/shared/values/test_currency.py` holds every row against the `iso4217` package.
"""

_NONE = "CLP ISK JPY KRW PYG UGX VND XAF XOF XPF"
_THREE = "BHD IQD JOD KWD OMR TND"
_TWO = (
    "AED ARS AUD BDT BRL CAD CHF CNY COP CRC CZK DKK DZD EGP EUR GBP GEL GHS HKD HUF IDR ILS INR KES KZT LKR MAD "
    "MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD SAR SEK SGD THB TRY TWD TZS UAH USD UYU ZAR"
)

MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
