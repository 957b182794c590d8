"""Runs that dialogs start, in the history of QGIS's Processing: repeatable there, and to be copied as a script."""
from __future__ import annotations

from qgis.gui import QgsGui


def add_to_history(algorithm, parameters: dict, context) -> None:
    """Write a run into the history, as Processing's own dialogs do before they start.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
    parameters : dict
    context : QgsProcessingContext
    """
    command = algorithm.asPythonCommand(parameters, context)
    if not hasattr(QgsGui, "historyProviderRegistry"):  # before QGIS 3.24
        from processing.core.ProcessingLog import ProcessingLog

        ProcessingLog.addToLog(command)
        return
    entry = {
        "python_command": command, "algorithm_id": algorithm.id(), "parameters": algorithm.asMap(parameters, context),
    }
    process_command, usable = algorithm.asQgisProcessCommand(parameters, context)
    if usable:
        entry["process_command"] = process_command
    QgsGui.historyProviderRegistry().addEntry("processing", entry)
