"""The index workshop: a recipe is changed in a tree, map and evaluations follow at once; nothing is written before."""
