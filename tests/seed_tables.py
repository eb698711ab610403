"""The four tables of a published self-evaluation (2024), as data, and a clean variant.

The tables are public; names of persons are replaced by 张三, numbers by 13800000000.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Number = float | int | str | None
Money = tuple[Number, Number, Number]


@dataclass(frozen=True)
class Indicator:
    """One row of 绩效指标."""

    first: str
    second: str
    third: str
    target: str
    actual: str
    points: Number
    score: Number = None
    reason: str | None = None


@dataclass(frozen=True)
class BasicTable:
    """附件2: ``money`` and ``projects`` hold last year's, budget and final amounts (万元)."""

    posts: Number
    staff: Number
    control: Number
    money: dict[str, Money]
    projects: dict[str, tuple[tuple[str, Money], ...]]
    after: dict[str, Money]
    buildings: tuple[Number, ...] = (None,) * 6
    savings: str | None = None


@dataclass(frozen=True)
class OverallTable:
    """附件3: ``money`` is 年初预算数 全年预算数 全年执行数 分值 执行率 得分."""

    money: tuple[Number, ...]
    income: dict[str, Number]
    spending: dict[str, Number]
    goal: str
    done: str
    indicators: tuple[Indicator, ...]
    totals: tuple[Number, Number]


@dataclass(frozen=True)
class ProjectTable:
    """附件4: ``money`` as in 附件3; ``sources`` the amounts by source."""

    name: str
    money: tuple[Number, ...]
    sources: dict[str, Money]
    goal: str
    done: str
    indicators: tuple[Indicator, ...]
    totals: tuple[Number, Number]


@dataclass(frozen=True)
class Tables:
    """All tables of one unit."""

    unit: str
    year: int
    basic: BasicTable
    overall: OverallTable
    projects: tuple[ProjectTable, ...]


_NONE: Money = (None, None, None)
_COST, _OUTPUT, _BENEFIT = "成本指标（20分）", "产出指标（40分）", "效益指标（20分）"
_CONTENT = "满意度指标（10分）"
_ECONOMY, _SOCIAL, _ECOLOGY = "经济成本指标", "社会成本指标", "生态成本指标"
_QUANTITY, _QUALITY, _TIME = "数量指标", "质量指标", "时效指标"
_ECONOMIC, _SOCIETY = "经济效益指标", "社会效益指标"
_ENVIRONMENT, _LASTING = "生态效益指标", "可持续影响指标"
_SERVED = "服务对象满意度指标"
_BY_2023, _BY_2024 = "2023年12月31日之前完成", "2024年12月31日之前完成"
_CLEAR, _MARKED = "效果明显", "效果显著"

_BASIC = BasicTable(
    posts=8,
    staff=7,
    control=0.875,
    money={
        "一、部门基本支出": (121.14, 94.25, 84.38),
        "其中：公用经费": (18.77, 5.53, 3.07),
        "其中：办公经费": (17.63, None, 0.46),
        "水费、电费、差旅费": (1.14, None, 1.51),
        "会议费、培训费": _NONE,
        "“三公”经费": _NONE,
        "1、公务用车购置和维护经费": _NONE,
        "其中：公务用车购置": _NONE,
        "公务用车运行维护": _NONE,
        "2、出国经费": _NONE,
        "3、公务接待": _NONE,
        "二、部门项目支出": (None, 16.45, 1.15),
    },
    projects={
        "1、业务经费（一个项目一行）": (),
        "2、运行维护经费（一个专项一行）": (),
        "3、专项资金（一个项目一行）": (
            ("工会专项业务费", (None, 15.3, 0)),
            ("洪江区退休劳模慰问津贴", (None, 1.15, 1.15)),
        ),
    },
    after={"政府采购金额": ("—", None, None), "部门基本支出预算调整": ("—", None, None)},
)

_OVERALL = OverallTable(
    money=(110.71, 87.23, 85.53, 10, 0.9805, 9.8),
    income={
        "按收入性质分：": None,
        "其中：一般公共预算：": 85.53,
        "政府性基金拨款：": None,
        "纳入专户管理的非税收入拨款：": None,
    },
    spending={"按支出性质分：": None, "其中：基本支出：": 84.38, "项目支出：": 1.15},
    goal="1.持续深化产业工人队伍建设改革；2.广泛开展劳动和技能竞赛；3.深化劳模工匠人才培养",
    done="高质高效推进工会建设工作，保证各项工作正常开展",
    indicators=(
        Indicator(_COST, _ECONOMY, "部门整体支出", "≤110.71 万元", "85.53 万元", 10, 10),
        Indicator(_COST, _SOCIAL, "社会成本节约率", "≥0%", "1.95%", 5, 5),
        Indicator(_COST, _ECOLOGY, "生态环境成本节约率", "≥0%", "1.95%", 5, 5),
        Indicator(_OUTPUT, _QUANTITY, "各项工作完成率", "=100%", "100%", 15, 15),
        Indicator(_OUTPUT, _QUALITY, "绩效目标达标率", "=100%", "100%", 15, 15),
        Indicator(_OUTPUT, _TIME, "完成及时率", _BY_2023, _BY_2023, 10, 10),
        Indicator(_BENEFIT, _ECONOMIC, "做好工会维权帮扶服务", _CLEAR, _CLEAR, 5, 5),
        Indicator(_BENEFIT, _SOCIETY, "保障职工合法权益", _CLEAR, _CLEAR, 5, 4.8),
        Indicator(_BENEFIT, _ENVIRONMENT, "宣传保护生态", _CLEAR, _CLEAR, 5, 5),
        Indicator(_BENEFIT, _LASTING, "构建和谐劳动关系，促进经济有序运行", _CLEAR, _CLEAR, 5, 4.6),
        Indicator(_CONTENT, _SERVED, "社会公众满意度", "≥96%", "95%", 10, 9.5),
    ),
    totals=(100, 98.7),
)

_CANCELLED = ProjectTable(
    name="工会专项业务费",
    money=(15.3, 0, 0, 10, 0, None),
    sources={"其中：当年财政拨款": _NONE, "上年结转资金": _NONE, "其他资金": _NONE},
    goal="高质高效推进工会建设工作，保证各项工作正常开展",
    done="财政经费不足，项目未完成",
    indicators=(
        Indicator(_COST, _ECONOMY, "项目成本", "≤15.3 万元", "—", 10, None, "经费不足，项目未开展"),
        Indicator(_COST, _SOCIAL, "社会成本节约率", "≥0%", "—", 5),
        Indicator(_COST, _ECOLOGY, "生态环境成本节约率", "≥0%", "—", 5),
        Indicator(_OUTPUT, _QUANTITY, "项目工作完成率", "=100%", "—", 10),
        Indicator(_OUTPUT, _QUALITY, "确保单位正常运转", _MARKED, "—", 10),
        Indicator(_OUTPUT, _TIME, "完成及时性", _BY_2024, "—", 10),
        Indicator(_BENEFIT, _ECONOMIC, "做好工会维权帮扶服务", _MARKED, "—", 5),
        Indicator(_BENEFIT, _SOCIETY, "保障职工合法权益", _MARKED, "—", 10),
        Indicator(_BENEFIT, _ENVIRONMENT, "生态效益情况", _MARKED, "—", 5),
        Indicator(_BENEFIT, _LASTING, "构建和谐劳动关系，促进经济有序运行", _MARKED, "—", 10),
        Indicator(_CONTENT, _SERVED, "社会公众满意度", "≥96%", "—", 10),
    ),
    totals=(100, None),
)

_RUN = ProjectTable(
    name="洪江区退休劳模慰问津贴",
    money=(1.15, 1.2, 1.15, 10, 0.9583, 9.58),
    sources={"其中：当年财政拨款": (None, None, 1.15), "上年结转资金": _NONE, "其他资金": _NONE},
    goal="完成退休劳模慰问",
    done="顺利完成退休劳模慰问",
    indicators=(
        Indicator(_COST, _ECONOMY, "项目成本", "≤1.15 万元", "1.15 万元", 20, 20),
        Indicator(_OUTPUT, _QUANTITY, "给洪江区退休劳模开展送温暖活动", "一次", "一次", 10, 10),
        Indicator(_OUTPUT, _QUANTITY, "洪江区32名退休劳模发放慰问津贴", "32 名", "32 名", 10, 10),
        Indicator(_OUTPUT, _QUALITY, "洪江区劳模津贴发放率", "=100%", "100%", 10, 10),
        Indicator(_OUTPUT, _TIME, "慰问活动需在2024年度内完成", _BY_2024, _BY_2024, 10, 10),
        Indicator(_BENEFIT, _SOCIETY, "形成洪江区崇尚劳动的社会氛围", _MARKED, _MARKED, 10, 10),
        Indicator(_BENEFIT, _ENVIRONMENT, "倡导绿色环保型慰问活动", _MARKED, _MARKED, 5, 5),
        Indicator(_BENEFIT, _LASTING, "助推尊重劳动者的社会氛围", _MARKED, _MARKED, 5, 5),
        Indicator(_CONTENT, _SERVED, "洪江区劳动模范满意度", "≥96%", "96%", 10, 10),
    ),
    totals=(100, 99.58),
)


def seed() -> Tables:
    """The tables as published, with everything that is wrong in them."""
    return Tables("洪江区总工会", 2024, _BASIC, _OVERALL, (_CANCELLED, _RUN))


def clean() -> Tables:
    """The same unit with nothing wrong: sums filled, years right, points and reasons given."""
    return Tables("洪江区总工会", 2024, _clean_basic(), _clean_overall(), (_clean_run(),))


def _clean_basic() -> BasicTable:
    zero: Money = (0, 0, 0)
    money = {label: zero for label in _BASIC.money} | {
        "一、部门基本支出": (121.14, 94.25, 84.38),
        "其中：公用经费": (18.77, 5.53, 3.07),
        "其中：办公经费": (17.63, 3.02, 0.46),
        "水费、电费、差旅费": (1.14, 2.51, 1.51),
        "二、部门项目支出": (2.36, 16.45, 1.15),
    }
    projects = {section: () for section in _BASIC.projects} | {
        "3、专项资金（一个项目一行）": (("洪江区退休劳模慰问津贴", (2.36, 16.45, 1.15)),),
    }
    return replace(
        _BASIC,
        money=money,
        projects=projects,
        after={
            "政府采购金额": (0.85, 1.36, 0.92),
            "部门基本支出预算调整": ("—", "—", -8.22),
        },
        buildings=(0, 0, None, 0, 0, None),
        savings="严格执行公用经费定额，办公用品集中采购，差旅从简。",
    )


def _clean_overall() -> OverallTable:
    reason = "一名受访对象未作答，下年改用电话回访。"
    mended = {
        "部门整体支出": {"target": "≤110.70 万元"},
        "社会成本节约率": {"actual": "1.20%"},
        "完成及时率": {"target": _BY_2024, "actual": _BY_2024},
        "保障职工合法权益": {"score": 5},
        "构建和谐劳动关系，促进经济有序运行": {"score": 5},
        "社会公众满意度": {"actual": "94.5%", "score": 9.84, "reason": reason},
    }
    return replace(
        _OVERALL,
        money=(110.7, 87.23, 85.53, 10, 0.9805, 9.81),
        income={
            "按收入性质分：": 85.53,
            "其中：一般公共预算：": 85.53,
            "政府性基金拨款：": 0,
            "纳入专户管理的非税收入拨款：": 0,
        },
        spending={"按支出性质分：": 85.53, "其中：基本支出：": 84.38, "项目支出：": 1.15},
        indicators=tuple(replace(one, **mended.get(one.third, {})) for one in _OVERALL.indicators),
        totals=(100, 99.65),
    )


def _clean_run() -> ProjectTable:
    cost = {"target": "≤16.45 万元"}
    return replace(
        _RUN,
        money=(16.45, 1.2, 1.15, 10, 0.9583, 9.58),
        sources={
            "其中：当年财政拨款": (16.45, 1.2, 1.15),
            "上年结转资金": (0, 0, 0),
            "其他资金": (0, 0, 0),
        },
        indicators=tuple(
            replace(one, **cost) if one.third == "项目成本" else one for one in _RUN.indicators
        ),
    )
