"""What methods and their settings are called in the workshop, and what they do in one sentence."""
from __future__ import annotations

from ....bridge.legend_text import number_text
from ....core.messages import DECIMAL
from ....core.recipe_paths import indicator_entry
from ....translation import tr, translate


def decimal_sign() -> str:
    """Return the sign before the digits of a fraction."""
    return translate(DECIMAL).format(sign="", whole="", fraction="")


def setting_title(name: str) -> str:
    """Return what a setting of a node or indicator is called."""
    return {
        "normalise": tr("Normalisation"), "treatment": tr("Extreme values"), "missing": tr("Missing values"),
        "weights": tr("Weighting"), "aggregate": tr("Aggregation"), "minimum_share": tr("Minimum share of data"),
        "standardise": tr("Standardisation"),
    }[name]


def setting_tip(name: str) -> str:
    """Return in a sentence what a setting decides."""
    return {
        "normalise": tr("How values in percent, euros or metres become numbers that can be put together"),
        "treatment": tr("Whether single very high or low values are pulled in before normalising"),
        "missing": tr("What happens where an area has no value"),
        "weights": tr("Where the weights of the parts come from"),
        "aggregate": tr("How the parts become one score"),
        "minimum_share": tr("An area gets a score only where at least this share of the weights has data"),
        "standardise": tr("Whether the score is brought to a common scale before it goes on"),
    }[name]


def method_title(setting: str, method: str | None) -> str:
    """Return what a method is called."""
    if setting in ("normalise", "standardise"):
        return {
            None: tr("none"),
            "z": tr("z-score"), "robust_z": tr("robust z-score (median)"), "standard": tr("standard score"),
            "minmax": tr("min–max"), "minmax_fixed": tr("min–max, fixed range"), "goalposts": tr("goalposts"),
            "rank": tr("rank"), "percentile": tr("percentile rank"), "exponential": tr("exponential rank"),
            "target": tr("distance to a target"), "reference": tr("distance to the city’s value"),
            "best": tr("percent of the best value"), "share": tr("percent of the city’s value"),
            "binary": tr("above a threshold (1/0)"), "identity": tr("unchanged"),
        }[method]
    if setting == "aggregate":
        return {
            "sum": tr("sum"), "mean": tr("arithmetic mean"), "geometric": tr("geometric mean"),
            "harmonic": tr("harmonic mean"), "power": tr("power mean"), "median": tr("median"),
            "max": tr("highest value"), "min": tr("lowest value"), "mazziotta_pareto": tr("Mazziotta–Pareto"),
            "count": tr("number of flags"), "borda": tr("Borda ranking"), "copeland": tr("Copeland ranking"),
        }[method]
    if setting == "weights":
        return {
            "given": tr("set by hand"), "equal": tr("all equal"), "pca": tr("first principal component"),
            "correlation": tr("correlation with an indicator"), "equal_influence": tr("equal influence"),
        }[method]
    if setting == "treatment":
        return {
            "none": tr("leave as they are"), "winsorise": tr("pull in step by step"),
            "percentile": tr("cut off at percentiles"), "log": tr("logarithm"), "boxcox": tr("Box-Cox transform"),
        }[method]
    return {
        "keep": tr("stay missing"), "area_out": tr("leave the area out"),
        "group_median": tr("median of the group"), "last_year": tr("value of an earlier year"),
    }[method]


def method_tip(setting: str, method: str | None) -> str:
    """Return in a sentence what a method does, "" where its name says it."""
    tips = {
        "z": tr("(value − mean) / standard deviation: 0 is the mean of the areas"),
        "robust_z": tr("Like the z-score, with the median: single extremes hardly count"),
        "standard": tr("The z-score stretched to mean 100 and standard deviation 10"),
        "minmax": tr("The lowest value becomes 0, the highest 1"),
        "minmax_fixed": tr("A fixed range of values is stretched, so that years stay comparable"),
        "goalposts": tr("Between two fixed goalposts; values beyond are cut off"),
        "rank": tr("1 for the lowest value"),
        "percentile": tr("Share of the areas that lie below"),
        "exponential": tr("Stresses the areas at the unfavourable end, 0 to 100"),
        "target": tr("In percent of a target value"),
        "reference": tr("In percent above or below the city’s value"),
        "binary": tr("Counts only whether a threshold is passed"),
        "identity": tr("For values that are comparable already"),
        "geometric": tr("Low scores pull down more; scores must be above 0"),
        "harmonic": tr("Low scores pull down even more; scores must be above 0"),
        "power": tr("Between lowest and highest value, by an exponent; scores must be above 0"),
        "median": tr("Weights do not count, except that 0 leaves a part out"),
        "max": tr("Weights do not count, except that 0 leaves a part out"),
        "min": tr("Weights do not count, except that 0 leaves a part out"),
        "mazziotta_pareto": tr("The mean, less a penalty for uneven scores; weights do not count"),
        "count": tr("How many parts are above 0; with normalisation “above a threshold”"),
        "borda": tr("Over how many areas an area lies on average"),
        "copeland": tr("Each area against each other: wins minus losses"),
        "pca": tr("By what the parts have in common; negative loadings get 0"),
        "correlation": tr("The more a part runs with the indicator, the more it counts"),
        "equal_influence": tr("So that the parts explain the differences between the areas in the proportions below"),
        "winsorise": tr("Only where the distribution is very skewed, as the JRC handbook says"),
        "log": tr("For values above 0 that are very unevenly spread, such as incomes"),
        "boxcox": tr("The power that makes the distribution most even; values above 0"),
        "keep": tr("Missing stays missing; “minimum share of data” of the sub-index decides whether it gets a score"),
        "area_out": tr("The area is not computed at all and gets no class"),
        "group_median": tr("Filled with the median of the areas with the same entry, such as the district"),
        "last_year": tr("Filled with the latest value of the years before"),
    }
    return tips.get(method or "", "")


def option_title(setting: str, method: str, name: str) -> str:
    """Return what a setting of a method is called."""
    special = {
        ("percentile", "low"): tr("Lower percentile"), ("percentile", "high"): tr("Upper percentile"),
        ("last_year", "years"): tr("Years back at most"),
    }
    if setting in ("treatment", "missing") and (method, name) in special:
        return special[method, name]
    return {
        "ddof": tr("Standard deviation"), "weighted": tr("Mean and spread"), "mean": tr("Mean"),
        "sd": tr("Standard deviations from the mean") if method == "binary" else tr("Standard deviation"),
        "low": tr("Result from"), "high": tr("Result to"), "lowest": tr("Lowest value"),
        "highest": tr("Highest value"), "lower": tr("Lower goalpost"), "upper": tr("Upper goalpost"),
        "ties": tr("Equal values"), "target": tr("Target value"), "threshold": tr("Threshold"),
        "p": tr("Exponent"), "penalty": tr("Uneven areas"), "years": tr("Estimated from the years"),
        "reference": tr("Indicator"), "skew": tr("Skewness above"), "kurtosis": tr("Kurtosis above"),
        "most": tr("Values pulled in at most"), "add": tr("Added beforehand"), "power": tr("Power"),
        "group": tr("Column with the groups"),
    }[name]


def choice_title(name: str, value) -> str:
    """Return what one of the possible values of a setting is called."""
    return {
        ("ddof", 0): tr("of the population (divisor n)"), ("ddof", 1): tr("of a sample (divisor n − 1)"),
        ("weighted", True): tr("weighted by people"), ("weighted", False): tr("each area counts once"),
        ("ties", "average"): tr("share the mean rank"), ("ties", "min"): tr("share the lowest rank"),
        ("ties", "max"): tr("share the highest rank"), ("ties", "dense"): tr("share a rank, none left out"),
        ("ties", "ordinal"): tr("in the order of the table"),
        ("penalty", -1): tr("get a lower score"), ("penalty", 1): tr("get a higher score"),
    }[name, value]


def direction_title(value: str) -> str:
    """Return what a high value means."""
    return tr("unfavourable") if value == "unfavourable" else tr("favourable")


def setting_text(name: str, value, document: dict) -> str:
    """Return a setting with its method's settings in one line, as for a tooltip."""
    if name == "minimum_share":
        return tr("{number} %", number=number_text(round(100 * value, 2)))
    if value is None:
        return method_title(name, None)
    options = [option_text(name, value["method"], option, each, document)
               for option, each in value.items() if option != "method" and each is not None]
    title = method_title(name, value["method"])
    return f"{title} ({'; '.join(options)})" if options else title


def option_text(setting: str, method: str, name: str, value, document: dict) -> str:
    """Return one setting of a method as name and value."""
    if name == "reference":
        text = (indicator_entry(document, value) or {}).get("title", value)
    elif isinstance(value, list):
        text = ", ".join(f"{each:g}" for each in value)
    elif name in ("ddof", "weighted", "ties", "penalty"):
        text = choice_title(name, value)
    elif isinstance(value, str):
        text = value
    else:
        text = number_text(value)
    return tr("{name}: {value}", name=option_title(setting, method, name), value=text)
