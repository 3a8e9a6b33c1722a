//! Pictures of a report: the score on its scale, what it is made of, the clock. What they show, and how they are drawn as SVG.

use chrono::TimeDelta;

use super::markup::Markup;
use super::say::Say;
use crate::duties::Time;
use crate::quarters::Quarters;
use crate::score::Range;

/// A picture, with the words for whoever cannot see it.
pub struct Picture {
    /// What it is a picture of.
    pub title: String,
    /// What it shows.
    pub desc: String,
    /// What a reader should know to read it.
    pub legend: Option<String>,
    drawing: Drawing,
}

enum Drawing {
    Scale(Scale),
    Sum(Sum),
    Clock(Clock),
    Years(Vec<Bar>),
}

/// A year as a bar: its name, and its parts from the lightest outcome to the heaviest.
pub struct Bar {
    /// What stands under it.
    pub name: String,
    /// How many of each.
    pub parts: [u64; 5],
}

/// The score on the scale of the method.
struct Scale {
    top: Mark,
    /// Each band: where it begins, its name.
    bands: Vec<(Mark, String)>,
    range: Range,
    /// The score, as it is written.
    score: String,
}

/// A place on the scale, and how it is written there.
type Mark = (Quarters, String);

/// What the score is made of.
struct Sum {
    top: Quarters,
    /// The data alone, before identification makes them weigh less.
    data: Quarters,
    /// What is added, one after another: its name and between what it lies.
    steps: Vec<(String, Range)>,
}

/// Duties with a deadline, on one axis of time.
pub struct Clock {
    /// The duties.
    pub spans: Vec<Span>,
    /// What happened in this time, with its number in the timeline.
    pub events: Vec<(usize, Time)>,
    /// The time of the assessment, where it is not far off.
    pub now: Option<Time>,
    /// The left end of the axis.
    pub from: Time,
    /// The right end of the axis.
    pub to: Time,
}

/// One duty with a deadline.
#[allow(missing_docs)]
pub struct Span {
    pub action: String,
    pub start: Time,
    pub deadline: Time,
    pub outer: Time,
    pub done: Option<Time>,
}

/// The highest score of the method.
fn top(say: &Say<'_>) -> Quarters {
    fn most<T>(scored: &[crate::method::Scored<T>]) -> Quarters {
        scored.iter().map(|s| s.score).max().unwrap_or_default()
    }
    let m = say.method;
    let circumstances = [most(&m.confidentiality), most(&m.integrity), most(&m.availability), m.malicious.score];
    let top = most(&m.identification).times(m.highest_level()) + circumstances.into_iter().sum();
    // a band that begins above every score still has its place on the scale
    m.bands.iter().map(|b| b.from + Quarters::whole(1)).fold(top, Ord::max)
}

/// The score on its scale.
pub fn scale(say: &Say<'_>) -> Picture {
    let (method, severity) = (say.method, &say.a.severity);
    let mark = |score: Quarters| (score, say.texts.number(score));
    let bands: Vec<(Mark, String)> = method.bands.iter().map(|b| (mark(b.from), say.table(&b.title).to_owned())).collect();
    let named: Vec<String> = bands.iter().map(|((_, from), title)| say.say("report-scale-band", &[("level", title), ("from", from)])).collect();
    let ((_, score), top) = (mark(severity.score()), mark(top(say)));
    let level = say.table(&method.band(severity.score()).title);
    let values = [("score", score.as_str()), ("level", level), ("top", &top.1), ("bands", &named.join(", "))];
    let desc = say.say("report-scale-desc", &values);
    let drawing = Drawing::Scale(Scale { top, bands, range: severity.range, score });
    Picture { title: say.say("report-scale", &[]), desc, legend: None, drawing }
}

/// What the score is made of.
pub fn sum(say: &Say<'_>) -> Picture {
    let severity = &say.a.severity;
    let (dpc, ei) = (severity.dpc.range, severity.ei.range);
    let product = Range { min: ei.min.times((dpc.min.0 / 4) as u8), max: ei.max.times((dpc.max.0 / 4) as u8) };
    let [.., c, i, a, m] = say.parts();
    let values = [("dpc", dpc.max), ("ei", ei.max), ("product", product.max)].map(|(k, v)| (k, say.texts.number(v)));
    let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
    let first = (say.say("report-product", &values), product);
    let steps: Vec<(String, Range)> = [first].into_iter().chain([c, i, a, m].map(|p| (p.name, p.range))).collect();
    let names: Vec<&str> = steps.iter().map(|s| s.0.as_str()).collect();
    let desc = say.say("report-sum-desc", &[("parts", &names.join("; ")), ("score", &say.texts.number(severity.score()))]);
    let uncertain = steps.iter().any(|(_, r)| r.min != r.max);
    let keys = [("report-dashed", uncertain), ("report-outlined", product.max != dpc.max)];
    let legend = legend(say, &keys);
    Picture {
        title: say.say("report-sum", &[]),
        desc,
        legend: Some(legend).filter(|l| !l.is_empty()),
        drawing: Drawing::Sum(Sum { top: top(say), data: dpc.max, steps }),
    }
}

/// The clock.
pub fn clock(say: &Say<'_>, clock: Clock) -> Picture {
    let spans = clock.spans.iter().map(|s| {
        let times = [s.start, s.deadline, s.outer].map(|t| say.time(t));
        say.say("report-clock-span", &[("action", &s.action), ("start", &times[0]), ("deadline", &times[1]), ("outer", &times[2])])
    });
    let now = say.say("report-clock-now", &[("now", &say.time(say.a.as_of))]);
    let desc: Vec<String> = spans.chain([now]).collect();
    let done = clock.spans.iter().any(|s| s.done.is_some());
    let keys = [("report-clock-bar", true), ("report-clock-done", done), ("report-clock-line", clock.now.is_some()), ("report-clock-numbers", true)];
    Picture { title: say.say("report-clock", &[]), desc: desc.join(" "), legend: Some(legend(say, &keys)), drawing: Drawing::Clock(clock) }
}

/// Incidents by year.
pub fn years(title: String, desc: String, legend: String, bars: Vec<Bar>) -> Picture {
    Picture { title, desc, legend: Some(legend), drawing: Drawing::Years(bars) }
}

/// The sentences of a legend that have something to explain.
fn legend(say: &Say<'_>, keys: &[(&str, bool)]) -> String {
    let shown = keys.iter().filter(|(_, shown)| *shown);
    shown.map(|(key, _)| say.say(key, &[])).collect::<Vec<_>>().join(" ")
}

/// The width of every picture, in its own units.
const WIDTH: f64 = 400.0;
/// The blank at both sides.
const EDGE: f64 = 8.0;

/// Where a share of the axis lies.
fn across(share: f64) -> f64 {
    EDGE + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * EDGE)
}

/// Draws a picture. `id` must be the picture's own in the document.
pub fn draw(picture: &Picture, id: usize, out: &mut Markup) {
    let height = match &picture.drawing {
        Drawing::Scale(_) => 96.0,
        Drawing::Sum(sum) => STEP * sum.steps.len() as f64 + 20.0,
        Drawing::Clock(clock) => SPAN * clock.spans.len() as f64 + 58.0,
        Drawing::Years(_) => YEARS + 40.0,
    };
    out.raw("<svg viewBox=\"0 0 400 ").place(height).raw("\" role=\"img\" aria-labelledby=\"t").number(id).raw(" d").number(id).raw("\">\n");
    out.raw("<title id=\"t").number(id).element("\">", &picture.title, "</title>\n");
    out.raw("<desc id=\"d").number(id).element("\">", &picture.desc, "</desc>\n");
    match &picture.drawing {
        Drawing::Scale(scale) => draw_scale(scale, out),
        Drawing::Sum(sum) => draw_sum(sum, out),
        Drawing::Clock(clock) => draw_clock(clock, out),
        Drawing::Years(bars) => draw_years(bars, out),
    }
    out.raw("</svg>\n");
}

fn rect(out: &mut Markup, class: &'static str, from: f64, to: f64, y: f64, height: f64) {
    out.raw("<rect class=\"").raw(class).raw("\" x=\"").place(from).raw("\" y=\"").place(y);
    out.raw("\" width=\"").place((to - from).max(0.0)).raw("\" height=\"").place(height).raw("\"/>\n");
}

fn line(out: &mut Markup, class: &'static str, from: (f64, f64), to: (f64, f64)) {
    out.raw("<line class=\"").raw(class).raw("\" x1=\"").place(from.0).raw("\" y1=\"").place(from.1);
    out.raw("\" x2=\"").place(to.0).raw("\" y2=\"").place(to.1).raw("\"/>\n");
}

/// A word whose middle, start or end is at a place, by its class.
fn word(out: &mut Markup, class: &'static str, x: f64, y: f64, text: &str) {
    out.raw("<text class=\"").raw(class).raw("\" x=\"").place(x).raw("\" y=\"").place(y).element("\">", text, "</text>\n");
}

fn draw_scale(scale: &Scale, out: &mut Markup) {
    const FILL: [&str; 4] = ["band low", "band medium", "band high", "band very-high"];
    let at = |score: Quarters| across(score.as_f64() / scale.top.0.as_f64());
    let ends = scale.bands.iter().skip(1).map(|b| b.0.0).chain([scale.top.0]);
    for (i, (((from, written), title), to)) in scale.bands.iter().zip(ends).enumerate() {
        let (from_x, to_x) = (at(*from), at(to));
        rect(out, FILL[i.min(3)], from_x, to_x, 32.0, 26.0);
        // a name too long for its band would run into the next; the bands are named in words as well
        if title.chars().count() as f64 * 6.5 < to_x - from_x {
            word(out, "middle", (from_x + to_x) / 2.0, 49.0, title);
        }
        word(out, "middle tick", from_x, 92.0, written);
    }
    word(out, "middle tick", at(scale.top.0), 92.0, &scale.top.1);
    let (low, high) = (at(scale.range.min), at(scale.range.max));
    word(out, "middle strong", high.clamp(EDGE + 12.0, WIDTH - EDGE - 12.0), 16.0, &scale.score);
    out.raw("<path class=\"mark\" d=\"M").place(high).raw(",32 l-6,-10 h12 z\"/>\n");
    // only at the edges: a line across would strike through the band's name
    line(out, "needle", (high, 32.0), (high, 37.0));
    line(out, "needle", (high, 53.0), (high, 58.0));
    if scale.range.min != scale.range.max {
        line(out, "range", (low, 68.0), (high, 68.0));
        line(out, "range", (low, 64.0), (low, 72.0));
        line(out, "range", (high, 64.0), (high, 72.0));
    }
}

/// The height of a step.
const STEP: f64 = 34.0;

fn draw_sum(sum: &Sum, out: &mut Markup) {
    let at = |score: Quarters| across(score.as_f64() / sum.top.as_f64());
    let mut reached = Quarters(0);
    for (i, (name, range)) in sum.steps.iter().enumerate() {
        let y = STEP * i as f64;
        word(out, "label", EDGE, y + 13.0, name);
        if i == 0 {
            rect(out, "outline", at(Quarters(0)), at(sum.data), y + 18.0, 11.0);
        }
        let (start, known, end) = (at(reached), at(reached + range.min), at(reached + range.max));
        rect(out, if i == 0 { "bar" } else { "bar added" }, start, known.max(start + 1.0), y + 18.0, 11.0);
        if range.min != range.max {
            rect(out, "uncertain", known, end, y + 18.0, 11.0);
        }
        reached = reached + range.max;
        if let Some(next) = (i + 1 < sum.steps.len()).then_some(y + STEP + 29.0) {
            line(out, "lead", (end, y + 18.0), (end, next));
        }
    }
    let bottom = STEP * sum.steps.len() as f64;
    line(out, "axis", (EDGE, bottom + 2.0), (WIDTH - EDGE, bottom + 2.0));
    for whole in 0..=sum.top.0 / 4 {
        let x = at(Quarters(whole * 4));
        line(out, "axis", (x, bottom + 2.0), (x, bottom + 5.0));
        word(out, "middle tick", x, bottom + 16.0, &whole.to_string());
    }
}

/// The height of a duty in the clock.
const SPAN: f64 = 36.0;

fn draw_clock(clock: &Clock, out: &mut Markup) {
    let seconds = |length: TimeDelta| length.num_seconds() as f64;
    let length = seconds(clock.to - clock.from).max(1.0);
    let at = |t: Time| across(seconds(t - clock.from) / length);
    let bottom = SPAN * clock.spans.len() as f64 + 18.0;
    for (i, span) in clock.spans.iter().enumerate() {
        let y = SPAN * i as f64 + 18.0;
        word(out, "label", EDGE, y + 11.0, &span.action);
        word(out, "end tick", WIDTH - EDGE, y + 11.0, &span.deadline.format("%Y-%m-%d %H:%M").to_string());
        rect(out, "bar", at(span.start), at(span.deadline), y + 16.0, 11.0);
        rect(out, "outer", at(span.deadline), at(span.outer).max(at(span.deadline) + 2.0), y + 16.0, 11.0);
        if let Some(x) = span.done.filter(|t| *t >= clock.from && *t <= clock.to).map(at) {
            out.raw("<circle class=\"done\" cx=\"").place(x).raw("\" cy=\"").place(y + 21.5).raw("\" r=\"6\"/>\n");
        }
    }
    line(out, "axis", (EDGE, bottom + 4.0), (WIDTH - EDGE, bottom + 4.0));
    // numbers too close to be read become one: 2-4
    let mut ticks: Vec<(f64, usize, usize)> = Vec::new();
    for (n, t) in &clock.events {
        let x = at(*t);
        line(out, "axis", (x, bottom), (x, bottom + 8.0));
        match ticks.last_mut() {
            Some((last, _, to)) if x - *last < 22.0 => *to = *n,
            _ => ticks.push((x, *n, *n)),
        }
    }
    for (x, from, to) in ticks {
        let numbers = if from == to { from.to_string() } else { format!("{from}\u{2013}{to}") };
        let half = numbers.chars().count() as f64 * 4.0;
        word(out, "middle tick", x.clamp(half, WIDTH - half), bottom + 20.0, &numbers);
    }
    word(out, "tick", EDGE, bottom + 36.0, &clock.from.format("%Y-%m-%d %H:%M").to_string());
    word(out, "end tick", WIDTH - EDGE, bottom + 36.0, &clock.to.format("%Y-%m-%d %H:%M").to_string());
    if let Some(now) = clock.now {
        let x = at(now);
        line(out, "now", (x, 16.0), (x, bottom + 4.0));
        out.raw("<path class=\"mark\" d=\"M").place(x).raw(",16 l-5,-9 h10 z\"/>\n");
    }
}

/// The height of the highest year.
const YEARS: f64 = 150.0;

fn draw_years(bars: &[Bar], out: &mut Markup) {
    const FILL: [&str; 5] = ["band none", "band low", "band medium", "band high", "band very-high"];
    let most = bars.iter().map(|b| b.parts.iter().sum::<u64>()).max().unwrap_or(0).max(1) as f64;
    let slot = (WIDTH - 2.0 * EDGE) / bars.len().max(1) as f64;
    let wide = (slot * 0.7).min(56.0);
    let bottom = YEARS + 20.0;
    // names need room; where there is none, only some of them stand there
    let every = (34.0 / slot).ceil().max(1.0) as usize;
    for (i, bar) in bars.iter().enumerate() {
        let middle = EDGE + slot * (i as f64 + 0.5);
        let mut y = bottom;
        for (part, fill) in bar.parts.iter().zip(FILL) {
            let height = *part as f64 / most * YEARS;
            y -= height;
            if *part > 0 {
                rect(out, fill, middle - wide / 2.0, middle + wide / 2.0, y, height);
            }
        }
        if i % every == 0 {
            word(out, "middle tick", middle, y - 5.0, &bar.parts.iter().sum::<u64>().to_string());
            word(out, "middle tick", middle, bottom + 16.0, &bar.name);
        }
    }
    line(out, "axis", (EDGE, bottom), (WIDTH - EDGE, bottom));
}
