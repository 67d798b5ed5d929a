"""What the reference says of settings, in Chinese."""

from __future__ import annotations

from typing import Final

SETTINGS: Final[dict[str, tuple[str, str]]] = {
    "timezone": ("The zone of the pool's days.", "流量池的时区，决定一天从何时开始。"),
    "currency": ("The pool's currency.", "流量池的币种。"),
    "phone_region": (
        "The country of phone numbers without a country code.",
        "没有国家码的手机号属于哪个国家或地区。",
    ),
    "identifier_kinds": (
        "The kinds of identifiers, their strength, form and limit.",
        "标识的种类及其强度、写法和上限。",
    ),
    "junk_identifiers": (
        "Values that are no identifiers, whatever their kind.",
        "无论哪一种类，都不算标识的占位值。",
    ),
    "duplicate_days": (
        "So long the same message id from the same source counts as a repeat.",
        "多少天之内，同一来源的同一消息编号算作重复。",
    ),
    "journal_days": (
        "Journal files older than this are dropped once they are applied.",
        "日志文件计入之后保留多少天。",
    ),
    "journal_megabytes": ("", "日志文件达到这个大小就另起一个。"),
    "max_body_megabytes": ("", "一个请求解压之后的上限。"),
    "max_event_kilobytes": ("The largest event that is accepted.", "一个事件的上限。"),
    "future_hours": ("", "时间超前当前时刻多少小时以上的事件会被拒收。"),
    "oldest_year": ("Times before this year are refused.", "早于这一年的时间会被拒收。"),
    "requests_per_second": ("", "每个来源每秒最多多少个请求；0 表示不限。"),
    "cors_origins": (
        "Web pages of these origins may send events.",
        "允许哪些来源的网页发送事件。",
    ),
    "region_file": ("", "ip2region xdb 文件的路径；留空则不根据 IP 地址判断地点。"),
    "outlines_file": ("", "用来替换自带行政区划边界的文件。"),
    "outlines_folder": (
        "",
        "地图用来替换或补充自带轮廓的目录（GeoJSON、TopoJSON、PMTiles）；"
        "为空时取流量池目录下的 `outlines`。",
    ),
    "trust_forwarded_for": (
        "",
        "从 X-Forwarded-For 取客户端地址；只应在自己的反向代理之后使用。",
    ),
    "metrics": (
        "",
        "谁可以不带令牌读取 /metrics：`local`，在本机直接访问、不经过代理的；"
        "`token`，谁都不行；`open`，谁都可以。",
    ),
    "seal_events": ("", "新到的事件积累到这么多条，就写成一个数据块。"),
    "snapshot_events": (
        "A snapshot of the live state is written after so many events.",
        "每计入这么多条事件，就写一次实时状态的快照。",
    ),
    "announce_degrees": ("", "温层门槛两侧的缓冲区，以度为单位；越过它才播报温层变化。"),
    "backup_folder": ("", "没有指明目录、或者凭令牌要求的备份放在哪个目录。"),
    "backup_keep": ("", "备份目录里保留多少份备份，更早的会被删除；0 表示全部保留。"),
    "mail_scanners": (
        "",
        "邮件扫描器的点击是自动打上标记（flag），还是只在有人要求时查找（off）。",
    ),
    "scanner_seconds": ("", "送达之后、或两次点击之间短于这么多秒，就不是人在点击。"),
    "scanner_networks_file": (
        "",
        "补充邮件扫描器网络的文件路径（TOML，格式同自带的清单）。",
    ),
    "retention_days": (
        "",
        "各事件名保留多少天，到期后删除事件、保留热量；`default` 指其余所有事件。"
        "没有写明天数的一直保留。",
    ),
    "rejects_days": ("", "导入时拒收的行保留多少天；0 表示一直保留。"),
    "session_idle_hours": (
        "Who signed in stays so for this long without doing anything.",
        "登录后连续多少小时没有操作就要重新登录。",
    ),
    "session_days": (
        "After so many days one signs in again, whatever one did.",
        "无论有没有操作，多少天后都要重新登录。",
    ),
    "sweep_seconds": ("", "每隔多少秒检查一次有没有用户因为沉默而降温。"),
}
