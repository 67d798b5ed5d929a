export default {
  about:
    "Who never did something, who is likeliest to, and why: by a score of yours, or by one that is learnt from the past.",
  goal: "The event they never did",
  score: "Rank by the score",
  learn: "Learn a score from the past",
  days: "days from then on",
  again: "Learn again: {{goal}}, {{days}} days",
  learning: "Learning a score",
  tested:
    "Tested after {{at}}: of {{tested}} profiles that had never done it {{reached}} did. AUC {{auc}} ± {{error}} (0.5 is a coin, 1 is perfect); the first tenth was {{lift}} times as likely as all. What was learnt is kept as a score.",
  choose: "Choose an event and a score",
  choose_next:
    "Without a fitting score choose “Learn a score from the past”: learnt before a cut, tested after it.",
  nobody: "Everybody did it",
  nobody_next: "Choose another event.",
  list: "Prospects",
  candidates: "{{count}} known profiles never did “{{goal}}”, as of {{at}}",
  top: "First {{share}}: {{profiles}} profiles, at least {{points}} points",
  segment: "Save as segment",
  person: "Profile",
  points: "Points",
  temperature: "Temperature",
  reasons: "Reasons",
  limited: "Floor or cap",
  more: "More",
};
