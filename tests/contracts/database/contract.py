"""What every adapter of the Database port promises. A test subclasses `DatabaseContract` and gives `open_database`."""

from tests.contracts.database.conflicts import Conflicts
from tests.contracts.database.documents import Documents
from tests.contracts.database.events import Events
from tests.contracts.database.ordering import Ordering
from tests.contracts.database.queries import Queries
from tests.contracts.database.totals import Totals
from tests.contracts.database.transactions import Transactions


class DatabaseContract(Documents, Transactions, Conflicts, Queries, Totals, Events, Ordering):
    """All rooms."""
