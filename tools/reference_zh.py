"""In Chinese, what the code says in English of settings, commands, options and endpoints.

What is new in the code and missing here stops the reference from being written: nothing stays
undocumented in either language.
"""

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

COMMANDS: Final[dict[str, str]] = {
    "serve": "接收事件、回答问题，直到被要求结束。",
    "demo": "在真实的服务上运行一个模拟的品牌，直到被要求结束。",
    "import": "导入一个文件。同一个文件再次导入不会改变任何东西。",
    "status": "流量池有多少数据、处理到哪里、温度如何。",
    "top": "最热的用户。",
    "profile": "一个人：是谁、多热、从何时起、因为什么。",
    "export": "把全部用户连同标识和属性导出为文件，或者导出不含姓名的数据。",
    "erase": "说明删除一个人会删掉什么；加 --confirm 则把此人从整个目录中删除。",
    "readmit": "允许一个已被删除的人回来。",
    "person export": "关于一个人保存的全部数据，应本人要求提供。",
    "calibrate": "从流量池自己的历史中学习分数和半衰期，并用之后发生的事检验。",
    "rebuild": "根据记录重建状态，并与现状比较。",
    "doctor": "检查目录是否健全，并说明该怎么办。",
    "config": "每一项设置、它的值，以及由谁给出：默认值、文件、环境变量或命令行。",
    "backup": "给流量池做一份备份，服务不必停。",
    "restore": "把备份恢复成新的目录，并打开它加以验证。",
    "map": "各地区有多少用户，温度如何。",
    "bots list": "现行的机器流量标记，最近的在前。",
    "bots scan": "谁像机器：邮件扫描器看点击，机器人看节奏。",
    "bots flag": "认定某项是机器所为；它的热量立即消失。",
    "bots unflag": "收回标记；热量随之恢复。",
    "plan show": "现行的埋点方案，或以前的某个版本。",
    "plan versions": "埋点方案的全部版本。",
    "plan apply": "让文件中的埋点方案对今后收到的事件生效。",
    "plan restore": "让以前的某个版本作为新版本重新生效。",
    "plan diff": "文件中的埋点方案会改变什么。",
    "plan learn": "根据收到的事件提出一份埋点方案，供人审阅。",
    "plan import": "把其他工具的埋点方案读成我们的格式；审阅之后再使它生效。",
    "plan try": "收到的事件中有多少会违反文件中的埋点方案。",
    "plan breaches": "有多少事件违反埋点方案，按来源和事件统计。",
    "rules show": "现在按哪些规则读取温度。",
    "rules preview": "这些规则会给整个流量池带来什么变化。什么都不会改变；按 Ctrl-C 停止。",
    "rules apply": "采用这些规则，作为新版本。其间事件照常计入。",
    "rules versions": "什么时候用过哪些规则，由谁修改。",
    "rules compare": "两个版本的规则有哪些不同。",
    "rules restore": "重新采用以前的版本，作为新版本。",
    "rules test": "按另一套规则，一位用户会有多热，为什么。",
    "suggestions run": "在流量池里查找可能是同一个人的用户；不会合并任何人。",
    "suggestions list": "合并建议，最可能的在前。",
    "suggestions accept": "合并一条建议的双方，或者合并达到某个分数的全部建议。",
    "suggestions refuse": "不再建议合并这两位。",
    "suggestions export": "把合并建议导出为文件，供人逐条查看。",
    "quarantine list": "被拒收的事件，最近的在前。",
    "quarantine fix": "显示改正会把待处理的条目变成什么；不改动任何东西。",
    "quarantine replay": "改正待处理的条目，放进能通过的；其余仍待处理。",
    "quarantine drop": "写明原因，把待处理的条目永久结案。",
    "quarantine export": "把被拒收的事件存成文件，最早的在前。",
    "source create": "新建一个来源，并显示它的写入密钥（只显示一次）。",
    "source list": "可以发送事件的来源。",
    "source revoke": "收回写入密钥；已经收到的数据保留。",
    "token create": "新建一个令牌并显示它（只显示一次）。",
    "token list": "有效的令牌。",
    "token revoke": "收回一个令牌。",
    "user list": "列出成员，以及他们是否已经登录过。",
    "user create": "添加一位成员，并显示登录用的链接，只显示这一次。",
    "user link": "生成一个链接，成员用它设置密码：一次有效，24 小时内有效。",
    "user role": "给成员换一个角色；此人的所有登录随之结束。",
    "user remove": "移除一位成员；此人做过的事仍有记录。",
    "bench profile": "事件不断到来时，读取一位用户要多久。",
    "bench ingest": "这台机器每秒能接收并计入多少事件。",
    "bench dedupe": "准确认出这么多编号，要多少内存和时间。",
    "bench start": "一个历史很长的流量池，多久才能就绪，占多少内存。",
    "bench soak": "用几分钟走完几小时的运行：内存、落后和文件是否保持不变。",
    "bench bands": "统计各温层人数要多久。",
}

OPTIONS: Final[dict[str, str]] = {
    "Letters, digits and . _ @ + -.": "字母、数字（含汉字）和 . _ @ + -。",
    "What they may do.": "可以做什么。",
    "The new role.": "新的角色。",
    "Take a lost second factor off as well.": "同时解除丢失的两步验证。",
    "": "",
    "Folder of the pool; else HOTSPRING_DATA, else ./hotspring-data.": (
        "流量池的目录；未给出时取 HOTSPRING_DATA，再未给出时取 ./hotspring-data。"
    ),
    "Folder of the pool; else HOTSPRING_DATA, else ./demo-data.": (
        "流量池的目录；未给出时取 HOTSPRING_DATA，再未给出时取 ./demo-data。"
    ),
    "File of settings; else HOTSPRING_CONFIG, else hotspring.toml in the folder.": (
        "设置文件；未给出时取 HOTSPRING_CONFIG，再未给出时取目录里的 hotspring.toml。"
    ),
    "One setting; before all other places.": "一项设置；优先于其他一切来源。",
    "Only say whether this file can be used.": "只说明这个文件能不能用。",
    "How large the areas are.": "地区的层级。",
    "Only what lies in this box, in degrees.": "只看这个方框（度）。",
    "Of the cells, at most.": "六边形的级别，最细到此。",
    "Only profiles with an event in this channel.": "只看在该渠道有过事件的用户。",
    "Only profiles with this trait.": "只看有这个属性的用户。",
    "Language of the names.": "名称的语言。",
    "Write one JSON document to stdout.": "在标准输出写一个 JSON 文档。",
    "Address to listen on; 127.0.0.1 is this machine only.": "监听的地址；127.0.0.1 只对本机开放。",
    "Port to listen on; 0 for any free one.": "监听的端口；0 表示任意空闲端口。",
    "The same seed, the same brand.": "种子相同，品牌就相同。",
    "Days of history.": "历史的天数。",
    "CSV, Excel, Parquet, JSON Lines; also gzipped.": (
        "CSV、Excel、Parquet、JSON Lines，也可以是 gzip 压缩的。"
    ),
    "What the rows are.": "每一行是什么。",
    "Corrects the guessed columns.": "纠正猜测的列。",
    "Zone of times without one; else the pool's.": (
        "没有时区的时间属于哪个时区；未给出时取流量池的时区。"
    ),
    "Read and report only.": "只读取并报告，不导入。",
    "Write rejected rows with their reason.": "把拒收的行连同原因写入文件。",
    "Source of the events.": "事件的来源。",
    "Sheet of a workbook; else the first.": "工作簿中的工作表；未给出时取第一张。",
    "Leave out exact repeats of a row.": "略去完全重复的行。",
    "Folder of backups; each backup is a folder in it.": "备份目录；每份备份是其中的一个目录。",
    "Keep so many backups there; else the setting backup_keep.": (
        "在那里保留多少份备份；未给出时取设置 backup_keep。"
    ),
    "Make none; read those that are there and compare them with their checksums.": (
        "不做备份，而是读出已有的备份，与校验和比较。"
    ),
    "A backup, or a folder of backups: then the newest.": (
        "一份备份，或一个备份目录（取最新的一份）。"
    ),
    "Only this band.": "只要这个温层。",
    "How many.": "多少个。",
    "An identifier or public id.": "标识或公开编号。",
    "KIND:VALUE, or the public id of a profile; several.": (
        "种类:值，或用户的公开编号；可以写多个。"
    ),
    "One event; may come several times.": "单个事件；可以写多次。",
    "How far back, in days.": "往前看多少天。",
    "Flag the clicks of likely mail scanners.": "给很可能是邮件扫描器的点击打上标记。",
    "Why; stands beside the flag.": "原因；与标记一同保存。",
    "Not a machine after all, whatever the door saw.": "其实不是机器，无论接收时如何判断。",
    "What to export.": "导出什么。",
    "Form.": "格式。",
    "Else to stdout.": "写入的文件；未给出时写到标准输出。",
    "A tracking plan, also one of Segment's.": "埋点方案，也可以是 Segment 导出的。",
    "Add to the plan in force what it does not name yet.": "在现行方案之外，补上它还没有的事件。",
    "A plan as JSON.": "JSON 格式的埋点方案。",
    "This version; else the one in force.": "这个版本；未给出时为现行版本。",
    "Number of an earlier version.": "以前某个版本的编号。",
    "Only what was received from then on.": "只计从这个时刻起收到的。",
    "What the first step told to confirm with.": "第一步给出的确认文字。",
    "File `tombstones` of the pool that is replaced: its erasures are repeated.": (
        "被替换的流量池中的 tombstones 文件：其中的删除会重新执行。"
    ),
    "For a program or to read.": "供程序读取，或供人阅读。",
    "Language of the page.": "网页的语言。",
    "Without names: pseudonyms, coarse places and times.": "不含姓名：用化名，地点和时间取粗。",
    "Traits or properties that go along; no others do.": "要一并导出的属性，未点名的都不导出。",
    "How exact times are.": "时间精确到天还是小时。",
    "Only from this source.": "只要这个来源的。",
    "Only refused for this reason.": "只要因这个原因拒收的。",
    "Only events of this name.": "只要这个名称的事件。",
    "Only what was received before then.": "只计在这个时刻之前收到的。",
    "Only this entry; may be repeated.": "只要这个条目；可以重复给出。",
    "What to mend, in this order; may be repeated: 'rename_event NAME', 'rename A=B', "
    "'cast A=number', 'drop A', 'set A=VALUE', 'time received', 'type track', "
    "'identify KIND=VALUE', 'identify KIND=@PROPERTY', 'new_id'.": (
        "按先后顺序改正什么；可以重复给出：'rename_event NAME'、'rename A=B'、'cast A=number'、"
        "'drop A'、'set A=VALUE'、'time received'、'type track'、'identify KIND=VALUE'、"
        "'identify KIND=@PROPERTY'、'new_id'。"
    ),
    "Fixes as JSON, after those.": "JSON 格式的改正，排在那些之后。",
    "What became of them.": "处理结果。",
    "Why; it is kept with the entries.": "原因；与条目一起保存。",
    "Letters, digits, dots, dashes, underscores.": "由字母、数字、点、横线和下划线组成。",
    "The key lies in a page or an app, where anyone can read it: phones and e-mails that come with "
    "it join no two known people.": (
        "密钥放在网页或应用里，谁都能看到：用它送来的手机号和邮箱不会把两个已知的人合并。"
    ),
    "What its coordinates are stated in.": "坐标所用的坐标系。",
    "Sensors project that selects this source.": "选择该来源的神策项目名。",
    "What it is for.": "用途，即角色。",
    "It ends after so many days.": "多少天后失效。",
    "Length of the run.": "运行的时长（秒）。",
    "Events a second.": "每秒多少事件。",
    "Ids in the window.": "窗口内的编号数量。",
    "An earlier version; else the rules in force.": "以前的某个版本；未给出时为现行规则。",
    "A rule set as JSON: what `rules show --json` writes.": (
        "JSON 格式的一套规则，即 `rules show --json` 写出的内容。"
    ),
    "Number of a version.": "版本号。",
    "Also how profiles move from one to the other.": "同时给出用户在两个版本之间如何换温层。",
    "Events in the pool.": "流量池里的事件数。",
    "Kept and used again; else made for this run.": (
        "保留下来供以后再用的目录；未给出时只为这一次新建。"
    ),
    "By stated rules, or learnt from the pool.": "按明示的规则查找，或用从流量池学到的概率查找。",
    "Only those that stand so.": "只要处于这种状态的。",
    "Only those found this way.": "只要用这种方式找到的。",
    "Only with at least this score, 0 to 1.": "只要分数至少这么高的，0 到 1。",
    "Id of a suggestion.": "建议的编号。",
    "All with at least this score.": "分数至少这么高的全部建议。",
    "Count only.": "只计数，不合并。",
    "The event to foretell, such as 'Order Completed'.": "要预测的事件，例如 'Order Completed'。",
    "It counts if it comes within so long; d, w or h.": "多长时间之内发生才算；单位 d、w 或 h。",
    "Learn only from before it, test after it.": "只从这一刻之前学习，用这一刻之后检验。",
    "Share of profiles that are to be hot.": "让多大比例的用户为热。",
    "Write a page with plots.": "写一个带图的网页。",
    "Of that page.": "网页的语言。",
    "Make what was learnt the rules in force.": "把学到的规则设为现行规则。",
    "Events a second; 0 for half of full speed.": "每秒多少事件；0 表示全速的一半。",
    "People in the pool.": "流量池里的人数。",
    "Length of each phase.": "每个阶段的时长（秒）。",
}

ENDPOINTS: Final[dict[str, str]] = {
    "GET /api/status": "流量池有多少数据，处理到哪里？",
    "GET /api/map/outlines": "地图画哪些轮廓，从哪里来？",
    "GET /api/map/outlines/{name}": "一层轮廓的内容。",
    "GET /api/map/stream": "实时地图：先给出全部地区，之后只给出有变化的，每秒最多两次。",
    "GET /api/map/days": "保存了过去哪些天的地图，可用 `at` 查看？",
    "GET /api/map": "各地区有多少用户，温度如何？",
    "GET /api/overview": "流量池现在怎么样，怎么变成这样，进来了什么，什么需要留意？",
    "GET /api/temperature": "热、常温、低温、冷的用户各有多少？",
    "GET /api/temperature/rules": "现在按哪些规则读取温度？",
    "PUT /api/temperature/rules": "从现在起采用这些规则，作为新版本；所有温度随之而变。",
    "GET /api/temperature/rules/versions": "什么时候用过哪些规则，由谁修改？",
    "GET /api/plan": "事件应当带有哪些属性？",
    "PUT /api/plan": "从现在起采用这个埋点方案，作为新版本。",
    "GET /api/plan/versions": "什么时候用过哪个埋点方案，由谁修改？最近的在前。",
    "GET /api/plan/versions/{version}": "埋点方案的这个版本是怎样的？0 是空方案。",
    "POST /api/plan/versions/{version}/restore": "让这个版本作为新版本重新生效。",
    "GET /api/plan/versions/{version}/diff": "埋点方案的这个版本有什么不同？",
    "POST /api/plan/diff": "这个埋点方案会改变什么？询问本身不改变任何东西。",
    "GET /api/plan/learn": "收到的事件提示怎样的埋点方案？供审阅的提案；不改变任何东西。",
    "POST /api/plan/try": "收到的事件中有多少会违反这个埋点方案？询问本身不改变任何东西。",
    "POST /api/plan/import": "其他工具的埋点方案按我们的格式是怎样的？不改变任何东西。",
    "GET /api/plan/breaches": "有多少事件违反埋点方案，按来源和事件统计？最多的在前。",
    "GET /api/temperature/rules/versions/{number}": "这个版本是哪些规则？",
    "GET /api/temperature/rules/versions/{number}/compare/{other}": (
        "两个版本之间哪些规则不同，不同在哪里？"
    ),
    "POST /api/temperature/rules/versions/{number}/restore": (
        "从现在起重新采用以前某个版本的内容，作为新版本。"
    ),
    "GET /api/temperature/rules/currencies": "按金额计热的事件用了哪些币种，汇率是多少？",
    "GET /api/temperature/rules/events": "收到过哪些事件，各有多少，哪些规则会看它们？",
    "POST /api/temperature/rules/test": "按另一套规则，一位用户会有多热，为什么？",
    "GET /api/temperature/rules/previews": "启动以来预演过哪些规则？最近的在前。",
    "POST /api/temperature/rules/previews": (
        "算出这些规则会给整个流量池带来什么变化；立即应答，任务继续进行。"
    ),
    "GET /api/temperature/rules/previews/{preview_id}": "这次预演进行到哪里，发现了什么？",
    "POST /api/temperature/rules/previews/{preview_id}/cancel": "停止这次预演；什么都没有改变。",
    "POST /api/temperature/rules/previews/{preview_id}/accept": (
        "从现在起采用这次预演的规则，作为新版本。"
    ),
    "GET /api/calibrations": "做过哪些校准？最近的在前。",
    "POST /api/calibrations": "从切点之前学习分数和半衰期，用切点之后检验；不改变规则。",
    "GET /api/calibrations/{job_id}": "这次校准进行到哪里，发现了什么？",
    "GET /api/calibrations/{job_id}/report": "学到了什么，写成一个带图、不加载任何外部内容的网页。",
    "POST /api/calibrations/{job_id}/cancel": "停止这次校准。",
    "POST /api/calibrations/{job_id}/accept": (
        "从现在起采用它学到的规则，作为新版本；所有温度随之而变。"
    ),
    "GET /api/announcements": "播报过哪些温层变化？最近的在前。",
    "POST /api/rebuild": "根据记录重建状态，并与现状比较。",
    "GET /api/doctor": "目录是否健全，该怎么办？",
    "GET /api/config": "服务用哪些设置运行，每一项由谁给出？",
    "GET /api/backups": "服务启动以来要求过哪些备份？最近的在前。",
    "POST /api/backups": "做一份备份；立即应答，任务继续进行。",
    "GET /api/backups/shelf": "设置里的备份目录中有哪些备份？最新的在前。",
    "GET /api/backups/{job_id}": "这份备份做到哪里，做成了什么？",
    "POST /api/backups/{job_id}/cancel": "停止这份备份；已经写好的供下一份使用。",
    "GET /api/profiles": "有哪些用户？",
    "GET /api/profiles/{key}/timeline": "这位用户做过什么？最近的在前。",
    "GET /api/profiles/{key}/temperature": "这位用户的温度随时间如何变化，以后会怎样变凉？",
    "GET /api/profiles/{key}/contributions": "是哪些规则让这位用户升温？",
    "GET /api/profiles/{key}/merges": "依据什么归并成一人，哪些依据不足？",
    "POST /api/profiles/{key}/merges/{merge_id}/undo": "撤销这次归并；每个事件回到各自一边。",
    "POST /api/commands/{command_id}/retract": "收回一个决定，例如一次撤销。",
    "GET /api/profiles/{key}/consent": "这个人同意了什么，按目的和渠道？",
    "GET /api/profiles/{key}": "这是谁，多热？",
    "GET /api/bots": "哪些被标记了，由谁、为什么？最近的在前。",
    "GET /api/bots/suspects": "谁像机器：邮件扫描器和机器人，最可疑的在前？",
    "POST /api/bots/suspects/flag": "给很可能是邮件扫描器的点击打上标记；机器人留给人来判断。",
    "POST /api/bots/flag": "认定某项是机器所为，或其实是人所为；热量立即随之变化。",
    "POST /api/bots/unflag": "收回标记：接收时的判断重新生效，热量恢复。",
    "GET /api/suggestions": "哪些用户可能是同一个人？分数高的在前。",
    "GET /api/suggestions/runs": "什么时候查找过可合并的用户，找到了什么？最近的在前。",
    "POST /api/suggestions/runs": "在流量池里查找可能是同一个人的用户；立即应答，任务继续进行。",
    "GET /api/suggestions/runs/{run_id}": "这次查找进行到哪里，找到了什么？",
    "POST /api/suggestions/runs/{run_id}/cancel": "停止这次查找；以前的建议保留。",
    "POST /api/suggestions/accept": (
        "合并达到某个分数的全部待定建议；没有 `dry_run=false` 时只计数。"
    ),
    "POST /api/suggestions/{suggestion}/accept": "合并这两位用户；应答给出可以收回的决定编号。",
    "POST /api/suggestions/{suggestion}/refuse": (
        "不再建议合并这两位；应答给出可以收回的决定编号。"
    ),
    "GET /api/export/suggestions": "全部合并建议及双方的标识。",
    "GET /api/events/live": "最近，或者上次查看以来，来了哪些事件，接收还是拒收，为什么？",
    "GET /api/quarantine": "哪些事件被拒收，为什么？最近的在前。",
    "GET /api/quarantine/export": "把被拒收的事件存成文件，最早的在前。",
    "POST /api/quarantine/replay": "改正待处理的条目，放进现在能通过门口的。",
    "POST /api/quarantine/drop": "写明原因，把条目永久结案；仍可查阅。",
    "GET /api/imports": "导入过哪些文件？最近的在前。",
    "POST /api/imports/files": "上传一个文件先看看；最多保留一天，还不会导入。",
    "POST /api/imports/files/{file_id}/look": "按这样的对应关系，这个文件会怎样导入？",
    "POST /api/imports/files/{file_id}/run": "导入或试运行这个文件；立即应答，任务在后台进行。",
    "DELETE /api/imports/files/{file_id}": "删除一个等待导入的文件。",
    "POST /api/imports": "导入请求体中的文件；立即应答，任务继续进行。",
    "GET /api/imports/{job_id}": "这次导入进行到哪里，发现了什么？",
    "POST /api/imports/{job_id}/cancel": "停止这次导入；已经导入的保留。",
    "GET /api/imports/{job_id}/rejects": "没有导入的行及其原因，CSV 格式。",
    "GET /api/sources": "事件可以来自哪里？",
    "GET /api/sources/activity": "哪些来源在发送，哪些静默了，各来了多少？",
    "POST /api/sources": "新建一个来源；写入密钥只在这次应答里出现。",
    "DELETE /api/sources/{name}": "收回写入密钥；已经收到的数据保留。",
    "GET /api/tokens": "谁可以读取或更改什么？",
    "POST /api/tokens": "新建一个令牌；令牌只在这次应答里出现。",
    "DELETE /api/tokens/{name}": "收回一个令牌。",
    "GET /api/users": "谁可以登录？",
    "POST /api/users": "添加一位成员；登录用的链接只在这次应答里出现。",
    "PATCH /api/users/{name}": "换角色、停用或重新启用、解除丢失的两步验证。",
    "POST /api/users/{name}/link": "生成一次性链接，成员在 24 小时内用它设置密码；旧链接失效。",
    "DELETE /api/users/{name}": "移除一位成员；最后一位能登录的管理员会保留。",
    "POST /api/session": "登录；应答会设置会话的 cookie。",
    "GET /api/session": "现在是谁登录着？",
    "DELETE /api/session": "在这里退出登录；没有登录的不受影响。",
    "POST /api/session/invitation": "这个一次性链接是给谁的？链接仍然有效。",
    "POST /api/session/welcome": "用一次性链接设置密码并登录。",
    "PUT /api/session/password": "修改自己的密码；其他登录结束，这里换用新的 cookie。",
    "PUT /api/session/language": "选择页面的语言。",
    "POST /api/session/second-factor": "取得验证器应用要用的密钥；确认第一个验证码后才生效。",
    "PUT /api/session/second-factor": "用应用里的验证码开启两步验证；其他登录随之结束。",
    "DELETE /api/session/second-factor": "关闭两步验证。",
    "GET /api/session/others": "自己还在哪些地方登录着？最近用过的在前。",
    "DELETE /api/session/others": "退出其他所有地方的登录。",
    "DELETE /api/session/others/{session_id}": "退出其中一处的登录。",
    "GET /api/audit": "做过哪些需要有人负责的事？最近的在前。",
    "POST /api/erasures/plan": "删除这个人会删掉什么？不作任何改动。",
    "POST /api/erasures": "删除这个人；立即谁也看不到，随后清理各个文件。",
    "GET /api/erasures": "什么时候删除过人，谁可以回来？最近的在前，不含姓名。",
    "GET /api/erasures/{erasure_id}": "这次删除进行到哪里？",
    "POST /api/readmissions": "允许一个已被删除的人回来，因为其重新注册了。",
    "GET /api/profiles/{key}/export": "关于这个人保存的全部数据，应本人要求提供。",
    "GET /api/export/deidentified": "不含姓名的用户或事件：仅限本文件的化名，粗略的地点和时间。",
    "GET /api/export/profiles": "全部用户及其标识和属性。",
    "GET /health/live": "进程在应答吗？",
    "GET /health/ready": "可以发送请求了吗？",
    "GET /metrics": "供 Prometheus 抓取的计数和指标；本机开放，其他地方需要令牌。",
}
