export default {
  about:
    "Where events come from: websites, apps, mini-programs, servers. Each has a write key, which may write and never read.",
  name: "Name",
  health: "State",
  state: {
    healthy: "Healthy",
    silent: "Silent",
    failing: "Mostly refused",
    new: "Nothing yet",
    closed: "No key",
  },
  show: {
    all: "All",
    healthy: "Healthy",
    silent: "Silent",
    failing: "Mostly refused",
    new: "Nothing yet",
  },
  hours: "Last 24 hours",
  hours_told: "{{all}} in the last 24 hours, {{most}} in the busiest one",
  accepted_today: "Accepted, 24 h",
  refused_today: "Refused, 24 h",
  events: "Accepted in all",
  last: "Latest",
  never: "Never",
  none_such: "No source is in this state.",
  closed: "Sources without a key",
  closed_about: "Imported files, and sources whose key was revoked. What came with them stays.",
  empty: "There are no sources yet",
  empty_next:
    "Create a source, take its write key, and put a snippet into your website or program.",
  empty_ask: "Ask an administrator to create a source.",
  create: "Create a source",
  make: "Create",
  cancel: "Cancel",
  name_rule:
    "Begin with a letter or a digit; use letters, digits, dots, dashes and underscores, 64 at most",
  where: "Where the key lies",
  private: "On a server, where only you can read it",
  public: "In a web page, an app or a mini-program, where anyone can",
  public_about:
    "Anyone can copy a public key, so phones, e-mails and unionids that come with it never join two known people.",
  datum: "Coordinates",
  datum_about: "What the source states its coordinates in; they are stored as WGS-84.",
  datums: {
    wgs84: "WGS-84 (GPS)",
    gcj02: "GCJ-02 (Amap, Tencent, WeChat)",
    bd09: "BD-09 (Baidu)",
  },
  project: "Sensors project",
  project_about:
    "Optional. Requests whose address names this project are taken as sent by this source.",
  project_none: "None",
  absent: "There is no source named {{name}}",
  absent_next: "It may never have sent anything, or its name is written differently.",
  back: "All sources",
  silent_next:
    "This source sent events before and is silent now. Check that the program runs and that its key and address are right.",
  failing_next:
    "More was refused than accepted in the last 24 hours. See why, and mend the program; what waits in quarantine can be mended and let in.",
  key_once: "The write key is shown this once: copy it now and keep it safe",
  copy_key: "Copy the key",
  came: "What came",
  key: "Write key",
  begins: "Begins with",
  created: "Created",
  revoke: "Revoke the key",
  revoke_sure: "Revoke the key of {{name}}?",
  revoke_about:
    "Whatever is sent with it from now on is refused. This cannot be undone; what came before stays.",
  revoked: "The key of {{name}} is revoked",
  not_revoked: "The key was not revoked",
  send: "Send events",
  library: "Library to send with",
  libraries: {
    script: "Script of our own (web page)",
    curl: "curl (no library)",
    segment_web: "Segment analytics.js (web)",
    segment_node: "Segment analytics-node",
    segment_python: "Segment analytics-python",
    sensors_web: "Sensors web JS",
    sensors_node: "Sensors Node.js",
    sensors_python: "Sensors Python",
    miniprogram: "WeChat mini-program (Sensors)",
  },
  fill_in:
    "Put the write key of this source in place of {{blank}}. It was shown once, when the source was created; if it is lost, revoke it and create another source.",
  miniprogram_about:
    "In the development settings of the WeChat console add the domain of this server to the request domains; mini-programs take https addresses only.",
  script_about:
    "Put it into the head of every page. It tells of views, clicks, time in sight, scrolling, forms and searches; never of what people write. Nothing is stored in the browser without consent.",
  should_be_public:
    "Anyone can read this code, and this key is not marked as public. Create a public source for it.",
  need_not_be_public:
    "This key is marked as public. On a server of your own a source that is not public is better.",
  soon: "A few seconds after you send, the figures here change.",
};
