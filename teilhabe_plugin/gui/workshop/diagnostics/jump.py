"""Which part of the recipe is looked at, and from an evaluation to its place in the tree."""
from __future__ import annotations

from ....core.messages import TeilhabeError
from ....core.recipe_editing import entry_at, path_of_node, paths
from ....core.robustness import find_node


def looked_at(session):
    """Return index and node that the session looks at; of a cross its first index."""
    recipe = session.result.recipe
    cross = next((each for each in recipe.crosses if each.id == session.node), None)
    try:
        return find_node(recipe, cross.rows if cross is not None else session.node)
    except TeilhabeError:  # the node is new and its recipe could not be computed yet
        return find_node(recipe)


def place_in_tree(document: dict, node_id: str, item: str):
    """Return the path of an indicator or node, below the node looked at where it stands there; None for none."""
    known = path_of_node(document, item)
    if known is not None:
        return known
    home = path_of_node(document, node_id) or ()
    places = [path for path in paths(document) if entry_at(document, path).get("indicator") == item]
    return next((path for path in places if path[:len(home)] == home), places[0] if places else None)


def show_in_tree(session, item: str) -> bool:
    """Select an indicator or node in the workshop's tree; return whether that could be done."""
    path = place_in_tree(session.document, session.node, item)
    if path is None or session.workshop is None:
        return False
    session.workshop.setUserVisible(True)
    session.workshop.tree.tree.select_paths([path])
    return True
