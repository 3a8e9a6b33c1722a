//! The reports in a real browser, where there is one: nothing sticks out at any width, nothing is loaded, and no text has become anything else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{example, examples};

/// Widths of a small phone, a phone, a tablet, A4 paper at 96 dots an inch, and a desk.
const WIDTHS: [u32; 5] = [320, 390, 640, 794, 1280];

/// The browser; without one it is said that nothing was looked at.
#[allow(clippy::print_stdout)]
fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|p| p.is_file());
    if found.is_none() {
        println!("skipped: no chromium on the path");
    }
    found
}

/// Looks at a report through a frame of each width, and writes down what it sees.
const LOOK: &str = r#"<!DOCTYPE html><meta charset="utf-8"><iframe id="f" src="report.html" style="height:900px;border:0"></iframe><pre id="seen"></pre><script>
const frame = document.getElementById("f");
frame.onload = () => {
  const page = frame.contentDocument, seen = [];
  for (const width of WIDTHS) {
    frame.style.width = width + "px";
    const out = [];
    for (const e of page.querySelectorAll("body *")) {
      const box = e.getBoundingClientRect();
      if (box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) out.push(e.tagName + " " + (e.textContent || "").slice(0, 40));
      // a text of a picture must stay within the picture
      if (e.tagName === "svg") for (const t of e.querySelectorAll("text")) {
        const inner = t.getBBox();
        if (inner.x < 0 || inner.x + inner.width > 400.5) out.push("in picture: " + t.textContent);
      }
    }
    seen.push({ width, scroll: page.documentElement.scrollWidth, out });
  }
  document.getElementById("seen").textContent = JSON.stringify({
    seen,
    loaded: frame.contentWindow.performance.getEntriesByType("resource").map((e) => e.name),
    active: page.querySelectorAll("script, img, a, iframe, form, input, button, object, embed, link, base, audio, video").length,
    headings: [...page.querySelectorAll("h1, h2, h3, h4")].map((h) => h.tagName).join(" "),
    policy: page.querySelectorAll("head meta[http-equiv]").length,
    style: frame.contentWindow.getComputedStyle(page.querySelector("main")).overflowWrap,
  });
};
</script>"#;

fn look(browser: &Path, html: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("report.html"), html).expect("the report");
    fs::write(folder.path().join("look.html"), LOOK.replace("WIDTHS", &format!("{WIDTHS:?}"))).expect("the frame");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", folder.path().join("look.html").display()))
        .stdin(Stdio::null())
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8_lossy(&output.stdout);
    let seen = dom.split_once("<pre id=\"seen\">").and_then(|(_, rest)| rest.split_once("</pre>")).map(|(seen, _)| seen).unwrap_or_default();
    let seen = seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&seen).unwrap_or_else(|e| panic!("nothing was seen ({e}): {dom}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Whatever a look at a report found wrong.
fn faults(seen: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for at in seen["seen"].as_array().expect("a list") {
        let width = at["width"].as_u64().expect("a width");
        if at["scroll"].as_u64() > Some(width) || at["out"].as_array().is_none_or(|out| !out.is_empty()) {
            faults.push(format!("at {width} it is {} wide; sticking out: {}", at["scroll"], at["out"]));
        }
    }
    if seen["seen"].as_array().map(Vec::len) != Some(WIDTHS.len()) {
        faults.push("not every width was looked at".into());
    }
    if seen["loaded"] != serde_json::json!([]) {
        faults.push(format!("loaded: {}", seen["loaded"]));
    }
    if seen["active"] != 0 {
        faults.push(format!("{} active elements", seen["active"]));
    }
    if seen["policy"] != 1 || seen["style"] != "anywhere" {
        faults.push(format!("the page's policy or its style is not in force: {} {}", seen["policy"], seen["style"]));
    }
    if !seen["headings"].as_str().is_some_and(|h| h.starts_with("H1 H2") && h.matches("H1").count() == 1) {
        faults.push(format!("headings: {}", seen["headings"]));
    }
    faults
}

#[test]
fn reports_fit_every_width_and_load_nothing() {
    let Some(browser) = browser() else { return };
    let mut wrong = Vec::new();
    // one browser start for each page takes long: the longest of the examples, and texts without any place to break
    let mut pages: Vec<(String, String)> = ["energy-seller-processor", "unknown-answers", "internet-provider", "late-in-phases"]
        .map(|name| (name.to_owned(), example(name, None).html))
        .into();
    assert!(pages.iter().all(|(name, _)| examples().contains(name)));
    pages.push(("unbroken words".into(), super::hostile::page(&"x".repeat(400))));
    pages.push(("hostile texts".into(), super::hostile::page(&super::hostile::HOSTILE.join(" "))));
    // words of other languages are longer
    for (language, name) in [("hu", "naih-lost-laptop"), ("pl", "internet-provider"), ("pl", "uk-provider-before")] {
        pages.push((format!("{name} in {language}"), super::example_in(language.parse().expect("a language"), name, None).html));
    }
    pages.extend(super::drafts::pages());
    for (name, html) in pages {
        wrong.extend(faults(&look(&browser, &html)).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The look itself must be able to fail.
#[test]
fn what_sticks_out_or_loads_is_seen() {
    let Some(browser) = browser() else { return };
    let good = example("as-processor", None).html;
    let policy = good.find("<meta http-equiv").expect("a policy");
    let without_policy = good[..policy].to_owned() + good[policy..].split_once("/>").expect("its end").1;
    let loads = without_policy.replace("<main>", "<main><img src=\"look.html\"/>");
    let wide = good.replace("<main>", "<main><p><code>").replacen("<section", &format!("{}</code></p><section", "x".repeat(200)), 1);
    let wide = wide.replace("overflow-wrap: anywhere", "overflow-wrap: normal");
    for page in [loads, wide] {
        assert!(!faults(&look(&browser, &page)).is_empty());
    }
}
