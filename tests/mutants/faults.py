"""The faults that the tests are tried with."""

from tests.mutants.faults_in_csv import IN_CSV, IN_SOURCES
from tests.mutants.faults_in_gates import IN_GATES, IN_NEW_DATA
from tests.mutants.faults_in_klaviyo import IN_KLAVIYO
from tests.mutants.faults_in_leases import IN_LEASES
from tests.mutants.faults_in_order import IN_COLUMNS, IN_ORDER
from tests.mutants.faults_in_rows import IN_ROWS
from tests.mutants.faults_in_runs import IN_RUNS
from tests.mutants.faults_in_settling import IN_SETTLING
from tests.mutants.faults_in_telling import IN_HOSTING, IN_PAGE, IN_TELLING
from tests.mutants.faults_in_values import IN_PARQUET, IN_VALUES
from tests.mutants.faults_in_views import IN_ENTERING, IN_VIEWS
from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *IN_HOSTING,
    *IN_ORDER,
    *IN_COLUMNS,
    *IN_GATES,
    *IN_NEW_DATA,
    *IN_LEASES,
    *IN_SETTLING,
    *IN_RUNS,
    *IN_KLAVIYO,
    *IN_ROWS,
    *IN_PARQUET,
    *IN_CSV,
    *IN_SOURCES,
    *IN_VALUES,
    *IN_TELLING,
    *IN_VIEWS,
    *IN_ENTERING,
    *IN_PAGE,
)
