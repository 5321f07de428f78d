"""Formulas of indicators as small trees, read with Python's own parser, and what they refer to."""

import ast
import re


class Ref:
    """A measure in a formula: `x`, `x@y-1` (back 1), `x|d` (show d)."""

    __slots__ = ("measure", "back", "show")

    def __init__(self, measure, back, show):
        self.measure, self.back, self.show = measure, back, show


class Aggregate:
    """`sum(x)`, `avg(wmean(x, w))`, `last(chain(x))`, bare `wmean(x, w)`: how a term runs over base periods.

    kind is sum, ytd, last, avg or mean (a bare weighted mean); inner is plain, wmean or chain.
    """

    __slots__ = ("kind", "inner", "ref", "weight")

    def __init__(self, kind, inner, ref, weight):
        self.kind, self.inner, self.ref, self.weight = kind, inner, ref, weight


def parse_formula(text):
    """The tree: ("num", v), ("neg", a), ("+" | "-" | "*" | "/" | "^", a, b) or an Aggregate."""
    text = re.sub(r"(\w+)@y-1", r"\1__y1", text)
    text = re.sub(r"(\w+)\|(\w+)", r"\1__show__\2", text)
    return _build(ast.parse(text.replace("^", "**"), mode="eval").body)


OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}


def _build(node):
    if isinstance(node, ast.Constant):
        return ("num", float(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return ("neg", _build(node.operand))
    if isinstance(node, ast.BinOp):
        return (OPERATORS[type(node.op)], _build(node.left), _build(node.right))
    if node.func.id == "wmean":
        return Aggregate("mean", "wmean", _reference(node.args[0]), _reference(node.args[1]).measure)
    if node.func.id not in ("sum", "ytd", "last", "avg"):
        raise ValueError(f"{node.func.id} is not computed here")
    inner = node.args[0]
    if isinstance(inner, ast.Name):
        return Aggregate(node.func.id, "plain", _reference(inner), None)
    if inner.func.id == "wmean":
        return Aggregate(node.func.id, "wmean", _reference(inner.args[0]), _reference(inner.args[1]).measure)
    return Aggregate(node.func.id, "chain", _reference(inner.args[0]), None)


def _reference(node):
    name, _, show = node.id.partition("__show__")
    back = 1 if name.endswith("__y1") else 0
    return Ref(name.removesuffix("__y1"), back, show or None)


def aggregates(tree):
    """All aggregates of a tree, in the order of the formula."""
    if isinstance(tree, Aggregate):
        return [tree]
    return [a for part in tree[1:] if not isinstance(part, float) for a in aggregates(part)]


def ratio_parts(tree):
    """(numerator, denominator) of a ratio without its constant factor, or None."""
    if isinstance(tree, Aggregate):
        return None
    if tree[0] == "*" and _constant(tree[1]):
        return ratio_parts(tree[2])
    if tree[0] != "/" or not aggregates(tree[2]):
        return None
    top = tree[1]
    if not isinstance(top, Aggregate) and top[0] == "*" and _constant(top[1]):
        top = top[2]
    return top, tree[2]


def _constant(tree):
    return not isinstance(tree, Aggregate) and tree[0] == "num"
