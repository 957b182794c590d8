"""The Processing provider “teilhabe”."""
from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..translation import tr
from .bridge_boundaries import BridgeBoundariesAlgorithm
from .check_register import CheckRegisterAlgorithm
from .compare_indices import CompareIndicesAlgorithm
from .compute_index import ComputeIndexAlgorithm
from .compute_reach import ComputeReachAlgorithm
from .count_cases import CountCasesAlgorithm
from .coverage_gaps import CoverageGapsAlgorithm
from .export_catalogue import ExportCatalogueAlgorithm
from .find_sites import FindSitesAlgorithm
from .geocode_offers import GeocodeOffersAlgorithm
from .import_catalogue import ImportCatalogueAlgorithm
from .index_over_time import IndexOverTimeAlgorithm
from .index_robustness import IndexRobustnessAlgorithm
from .indicators_from_counts import IndicatorsFromCountsAlgorithm
from .join_indicators import JoinIndicatorsAlgorithm
from .method_text import MethodTextAlgorithm
from .print_map import PrintMapAlgorithm
from .spread_demand import SpreadDemandAlgorithm
from .style_classes import StyleClassesAlgorithm
from .supply_map import SupplyMapAlgorithm
from .supply_measures import SupplyMeasuresAlgorithm
from .supply_scenario import SupplyScenarioAlgorithm

#: every algorithm class, imported above: one line each
ALGORITHMS = (JoinIndicatorsAlgorithm, ComputeIndexAlgorithm, StyleClassesAlgorithm, PrintMapAlgorithm,
              CompareIndicesAlgorithm, IndexOverTimeAlgorithm, IndexRobustnessAlgorithm,
              ExportCatalogueAlgorithm, ImportCatalogueAlgorithm, MethodTextAlgorithm,
              IndicatorsFromCountsAlgorithm, BridgeBoundariesAlgorithm, GeocodeOffersAlgorithm,
              CheckRegisterAlgorithm, CountCasesAlgorithm,
              SupplyMeasuresAlgorithm, SpreadDemandAlgorithm, ComputeReachAlgorithm, CoverageGapsAlgorithm,
              FindSitesAlgorithm, SupplyScenarioAlgorithm,
              SupplyMapAlgorithm)


class TeilhabeProvider(QgsProcessingProvider):
    """All algorithms of the plugin."""

    def id(self):
        return "teilhabe"

    def name(self):
        return "Teilhabe"

    def longName(self):
        return tr("Teilhabe: social-area monitoring")

    def icon(self):
        return QIcon(str(paths.resource("icons", "teilhabe.svg")))

    def svgIconPath(self):
        return str(paths.resource("icons", "teilhabe.svg"))

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
