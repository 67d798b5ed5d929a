export default {
  password: "Password",
  old: "Present password",
  change: "Change the password",
  password_changed: "The password is changed",
  second: "Second factor",
  second_on: "On: signing in takes the password and a one-time code.",
  second_off: "Off. Switched on, nobody gets in by a leaked password alone.",
  second_begin: "Switch on",
  second_scan:
    "Scan this with an authenticator app, or type the key below into it, then type the code that the app shows.",
  second_confirm: "Confirm",
  second_end: "Switch the second factor off",
  elsewhere: "Signed in elsewhere",
  nowhere_else: "You are signed in nowhere else.",
  agent: "Browser",
  since: "Since",
  used: "Last used",
  end: "Sign out everywhere else",
  end_sure: "The other devices will have to sign in again. Go on?",
  codes:
    "Keep these recovery codes: each stands in for a one-time code once. They are shown only now.",
  codes_left: "Recovery codes left: {{count}}.",
};
