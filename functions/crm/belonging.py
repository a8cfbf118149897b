"""What belongs to a customer and follows them when their record is merged into another."""

from shared.storage import Document


class Belonging(Document):
    """A document of one customer's. Subclasses declare an index that begins with `customer_id`."""

    customer_id: str
