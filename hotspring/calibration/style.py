"""How the report looks: one accent a band, calm, in light and dark and on paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--page:#fff;--ink:#1c2024;--soft:#60646c;--rule:#e0e1e6;
--panel:#f8f8fa;
--hot:#E5484D;--warm:#F5A524;--cool:#3E8EF7;--cold:#1E3A8A;--mine:#E5484D;--rival:#9aa0aa;
--before:#c3a06a;--minus:#3E8EF7;--s0:#E5484D;--s1:#7a6ff0;--s2:#1f9d8f;--s3:#b0761b;--s4:#3E8EF7}
@media (prefers-color-scheme:dark){:root{--page:#141517;--ink:#edeef0;--soft:#a0a5ad;--rule:#34373c;
--panel:#1d1f22;--cold:#5b7be0;--rival:#7d838d;--before:#a98a58;--s1:#a69dff;--s2:#3cc7b6;
--s3:#e0a546}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.6;font:16px/1.6 system-ui,
"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main{max-width:760px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.3;margin:0 0 4px}h2{font-size:19px;margin:40px 0 4px}
p,ul{margin:6px 0}ul{padding-left:22px}.asked{font-size:18px;color:var(--soft)}
.verdict{border-left:4px solid var(--mine);background:var(--panel);padding:12px 16px;margin:16px 0}
section>p,li,dd{color:var(--soft)}dt{margin-top:8px}dd{margin:0;overflow-wrap:anywhere}
figure{margin:12px 0;overflow-x:auto}svg{display:block;width:100%;min-width:480px;height:auto}
details{margin:8px 0}summary{cursor:pointer;color:var(--soft)}details div,pre{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;width:100%}th,td{padding:5px 10px;text-align:right;
border-bottom:1px solid var(--rule);white-space:nowrap}th{white-space:normal;font-weight:600}
th:first-child,td:first-child{text-align:left}td{font-variant-numeric:tabular-nums}
pre{background:var(--panel);padding:12px;font-size:12.5px}
footer{margin-top:32px;color:var(--soft);font-size:14px}
svg text{font-size:13px;fill:var(--ink)}svg .tick,svg .axis{fill:var(--soft);font-size:12.5px}
.grid{stroke:var(--rule)}.error{stroke:var(--ink);stroke-width:1.4;fill:none;opacity:.75}
.halo{stroke:var(--page);stroke-width:4;fill:none;opacity:.7}
.shadow{fill:none;stroke:var(--ink);stroke-dasharray:4 3;opacity:.6}
rect.hot{fill:var(--hot)}rect.warm{fill:var(--warm)}rect.cool{fill:var(--cool)}
rect.cold{fill:var(--cold)}rect.mine{fill:var(--mine)}rect.rival{fill:var(--rival)}
rect.before{fill:var(--before)}rect.minus{fill:var(--minus)}
.line{fill:none;stroke-width:2}.line.mine{stroke:var(--mine);stroke-width:3}
.line.chance{stroke:var(--soft);stroke-dasharray:2 4}.line.s0{stroke:var(--s0)}
.line.s1{stroke:var(--s1);stroke-dasharray:8 4}.line.s2{stroke:var(--s2);stroke-dasharray:3 3}
.line.s3{stroke:var(--s3);stroke-dasharray:10 3 2 3}
.line.s4{stroke:var(--s4);stroke-dasharray:14 4}
.dot.mine{fill:var(--mine)}
@media print{details:not([open])>*{display:none}figure{break-inside:avoid}}
"""
