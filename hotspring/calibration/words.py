"""The words of the report, in both languages."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Calibration: does the temperature tell who comes back?",
        "asked": "Who does “{goal}” within {days} days?",
        "learnt": (
            "Learnt at {moment}: {reached} of {profiles} known profiles reached it ({rate})."
        ),
        "tested": (
            "Tested at {moment}: {reached} of {profiles} known profiles reached it ({rate})."
        ),
        "zone": "Moments are in {zone}. Nothing from the cut on was learnt from.",
        "verdict_best": (
            "The learnt temperature tells better than every rival: AUC {mine}, the best "
            "rival ({rival}) {best}."
        ),
        "verdict_level": (
            "The learnt temperature and the best rival are level: AUC {mine}, {rival} {best}."
        ),
        "verdict_behind": (
            "The learnt temperature is behind {rival}: AUC {mine} against {best}. Record "
            "more of what people do, or try another horizon, before you accept."
        ),
        "force_better": "The rules in force reach {force}: the learnt ones tell more.",
        "force_level": "The rules in force reach {force}: the difference is within the error.",
        "force_worse": "The rules in force reach {force}: they tell more than the learnt ones.",
        "error": (
            "The standard error of an AUC here is {error}; a smaller difference means little."
        ),
        "scores": "Who tells best",
        "scores_note": (
            "AUC after the cut: the chance that somebody who reached the goal stood above "
            "somebody who did not. 0.5 is a coin, 1 is perfect. The whisker is the 95 % "
            "interval."
        ),
        "auc": "AUC (chance of the right order)",
        "temperature": "temperature, learnt",
        "force": "temperature, rules in force",
        "recency": "recency",
        "frequency": "frequency",
        "rfm": "RFM, sum of quintiles",
        "boosting": "gradient boosting on RFM",
        "roc": "ROC curves",
        "roc_note": (
            "How many of those who reached the goal are found when so many of the others are "
            "taken along. The higher a line, the better; the diagonal is chance."
        ),
        "misses": "of those who did not reach the goal, %",
        "hits": "of those who reached it, %",
        "chance": "chance",
        "bands": "What a band is worth",
        "bands_note": (
            "Share that reached the goal within {days} days, by band at the cut, with the 95 "
            "% interval. The outline is the same by the rules in force."
        ),
        "rate": "reached the goal, %",
        "of": "{rate} of {count}",
        "nobody": "nobody",
        "hot": "hot, above 80 °C",
        "warm": "warm, 50 to 80 °C",
        "cool": "cool, 0 to 50 °C",
        "cold": "cold, below 0 °C",
        "deciles": "Foretold and come",
        "deciles_note": (
            "Ten groups of the same size from the coldest to the hottest: what was foretold "
            "before the cut, and what came. On the diagonal the two are the same; a season "
            "moves all points to one side."
        ),
        "foretold": "foretold, %",
        "came": "came, % (with the 95 % interval)",
        "same": "foretold = came",
        "groups": "tenths of the profiles",
        "weights": "What was learnt",
        "weights_note": (
            "What one event of each kind brings, in points; where it counts by amount, for "
            "the median amount. E_half is {e_half}: so many points are half of the way up, "
            "40 °C."
        ),
        "points": "points of one event",
        "fading": "How heat fades",
        "fading_note": "What is left of one event as time passes in silence.",
        "left": "points left",
        "days": "days since the event",
        "event": "event",
        "weight": "points",
        "half_life": "half is gone after",
        "cap": "at most a day",
        "alone": "alone brings to",
        "day": "{days} days",
        "by_amount": "× log1p(amount)",
        "none": "no limit",
        "rest": "What has no learnt weight",
        "without": "Looked at, tells nothing more than the others",
        "kept": "Rules kept from those in force: too rare to learn from",
        "dropped": "Rules left out: they look at every event and would count twice",
        "nothing": "none",
        "doubt": "When not to trust this",
        "doubt_season": (
            "The horizon after the cut holds a sale or a holiday that the one before did "
            "not: then the rates are those of the season. Try other cuts."
        ),
        "doubt_new": "Events recorded only shortly before the cut look weaker than they are.",
        "doubt_cause": "If the hot ones were sent coupons, their rate tells of the coupons too.",
        "doubt_today": "People are put together as they are known today, late events included.",
        "numbers": "Numbers",
        "rules": "The rule set",
        "group": "group",
        "profiles": "profiles",
        "reached": "reached",
        "interval": "95 % interval",
        "made": "Made {moment} by Hotspring.",
    },
    "zh": {
        "title": "校准报告：温度能不能看出谁会回来？",
        "asked": "谁会在 {days} 天内「{goal}」？",
        "learnt": "学习于 {moment}：{profiles} 位已知用户中有 {reached} 位达成（{rate}）。",
        "tested": "检验于 {moment}：{profiles} 位已知用户中有 {reached} 位达成（{rate}）。",
        "zone": "时刻均为 {zone} 时间。切点及之后的任何数据都没有用于学习。",
        "verdict_best": "学到的温度胜过所有对手：AUC {mine}，最强的对手（{rival}）为 {best}。",
        "verdict_level": "学到的温度与最强的对手不相上下：AUC {mine}，{rival}为 {best}。",
        "verdict_behind": (
            "学到的温度不如{rival}：AUC {mine}，对方 {best}。采纳之前，请先多记录人们的行为，"
            "或换一段时间再试。"
        ),
        "force_better": "现行规则为 {force}：学到的规则说明得更多。",
        "force_level": "现行规则为 {force}：差别在误差之内。",
        "force_worse": "现行规则为 {force}：比学到的规则说明得更多。",
        "error": "这里 AUC 的标准误为 {error}；比它小的差别说明不了什么。",
        "scores": "谁看得最准",
        "scores_note": (
            "切点之后的 AUC：达成目标的人排在没达成的人前面的概率。0.5 等于抛硬币，1 是完全正"
            "确。细线是 95 % 区间。"
        ),
        "auc": "AUC（排对顺序的概率）",
        "temperature": "温度（学到的）",
        "force": "温度（现行规则）",
        "recency": "最近一次",
        "frequency": "次数",
        "rfm": "RFM 五分位总分",
        "boosting": "RFM 梯度提升",
        "roc": "ROC 曲线",
        "roc_note": "捎带上这么多没达成的人时，能找到多少达成的人。线越高越好，对角线等于碰运气。",
        "misses": "占未达成者的比例，%",
        "hits": "占达成者的比例，%",
        "chance": "碰运气",
        "bands": "一个温层值多少",
        "bands_note": (
            "按切点时的温层，{days} 天内达成目标的比例，附 95 % 区间。虚框是按现行规则的同一比例。"
        ),
        "rate": "达成目标的比例，%",
        "of": "{count} 人中的 {rate}",
        "nobody": "无人",
        "hot": "热，80 °C 以上",
        "warm": "常温，50 到 80 °C",
        "cool": "低温，0 到 50 °C",
        "cold": "冷，0 °C 以下",
        "deciles": "预计与实际",
        "deciles_note": (
            "从最冷到最热，分成人数相同的十组：切点之前预计的比例，与之后实际的比例。落在对角"
            "线上即两者相同；季节会让所有的点偏向一边。"
        ),
        "foretold": "预计，%",
        "came": "实际，%（附 95 % 区间）",
        "same": "预计 = 实际",
        "groups": "十分之一的用户",
        "weights": "学到了什么",
        "weights_note": (
            "每种事件一次带来多少分；按金额计的，取金额的中位数。E_half 为 {e_half}：这么多分"
            "走完一半的路，即 40 °C。"
        ),
        "points": "一次事件的分数",
        "fading": "热量怎样消退",
        "fading_note": "在沉默中，一次事件的热量还剩多少。",
        "left": "剩余分数",
        "days": "事件之后的天数",
        "event": "事件",
        "weight": "分数",
        "half_life": "多久剩一半",
        "cap": "每天最多",
        "alone": "单独一次可到",
        "day": "{days} 天",
        "by_amount": "× log1p(金额)",
        "none": "不限",
        "rest": "没有学到分数的",
        "without": "看过了，但不比其他事件说明更多",
        "kept": "从现行规则保留：发生太少，无从学习",
        "dropped": "略去的规则：针对所有事件，会重复计算",
        "nothing": "无",
        "doubt": "什么时候不要相信它",
        "doubt_season": (
            "切点之后的这段时间有大促或节日，而之前那段没有：达成率就是旺季的达成率。换几个切"
            "点再试。"
        ),
        "doubt_new": "切点之前不久才开始记录的事件，看上去会比实际弱。",
        "doubt_cause": "如果热用户收到过优惠券，他们的达成率里也有优惠券的功劳。",
        "doubt_today": "用户按今天已知的身份归并，并计入迟到的事件。",
        "numbers": "数字",
        "rules": "规则集",
        "group": "组",
        "profiles": "用户数",
        "reached": "达成",
        "interval": "95 % 区间",
        "made": "由 Hotspring 生成于 {moment}。",
    },
}
