//! Parses a story file: headings are facts, fenced blocks are the steps that show them.

/// One file of stories, all about one section of the contract.
#[derive(Debug)]
pub(super) struct File {
    /// The file's name, for reports.
    pub(super) name: String,
    /// Its title.
    pub(super) title: String,
    /// Whether the emulator starts with the demo's records instead of an empty org.
    pub(super) demo: bool,
    /// Steps told before each fact.
    pub(super) setup: Vec<Step>,
    /// The facts, in order.
    pub(super) facts: Vec<Fact>,
}

/// One thing the contract states.
#[derive(Debug)]
pub(super) struct Fact {
    /// The fact, in one sentence.
    pub(super) text: String,
    /// Why it is not shown, if it is not.
    pub(super) left_out: Option<String>,
    /// The steps that show it.
    pub(super) steps: Vec<Step>,
}

/// One request and what is expected of its answer.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The method, or `QUERY` and `QUERYALL` with SOQL instead of a path.
    pub(super) method: String,
    /// The path.
    pub(super) path: String,
    /// The headers to send.
    pub(super) headers: Vec<(String, String)>,
    /// The body's lines to send.
    pub(super) body: Vec<String>,
    /// The statuses that are right.
    pub(super) statuses: Vec<u16>,
    /// Whether the request is repeated until the answer is right.
    pub(super) eventually: bool,
    /// The headers expected; the value is a pattern, `<absent>` for a header that must not be there.
    pub(super) expected_headers: Vec<(String, String)>,
    /// The pattern of the body.
    pub(super) expected: Vec<String>,
}

/// Reads a file; the error names the line.
pub(super) fn read(name: &str, text: &str) -> Result<File, String> {
    let mut file = File {
        name: name.to_owned(),
        title: String::new(),
        demo: false,
        setup: Vec::new(),
        facts: Vec::new(),
    };
    let mut block: Option<Vec<String>> = None;
    for (number, line) in text.lines().enumerate() {
        let refuse = |reason: &str| format!("{name}:{}: {reason}", number + 1);
        if line.starts_with("```") {
            match block.take() {
                None => block = Some(Vec::new()),
                Some(lines) => {
                    let steps = steps(&lines).map_err(|reason| refuse(&reason))?;
                    match file.facts.last_mut() {
                        Some(fact) => fact.steps.extend(steps),
                        None => file.setup.extend(steps),
                    }
                }
            }
        } else if let Some(lines) = &mut block {
            lines.push(line.to_owned());
        } else if let Some(fact) = line.strip_prefix("## ") {
            file.facts.push(Fact { text: fact.trim().to_owned(), left_out: None, steps: Vec::new() });
        } else if let Some(title) = line.strip_prefix("# ") {
            title.trim().clone_into(&mut file.title);
        } else if line.trim() == "seed: demo" {
            file.demo = true;
        } else if let Some(reason) = line.strip_prefix("left out: ") {
            let fact = file.facts.last_mut().ok_or_else(|| refuse("nothing to leave out yet"))?;
            fact.left_out = Some(reason.trim().to_owned());
        }
    }
    if block.is_some() {
        return Err(format!("{name}: a block is not closed"));
    }
    let unfounded = file.facts.iter().find(|fact| fact.steps.is_empty() && fact.left_out.is_none());
    match unfounded {
        Some(fact) => Err(format!("{name}: “{}” needs either steps or a reason to be left out", fact.text)),
        None => Ok(file),
    }
}

fn steps(lines: &[String]) -> Result<Vec<Step>, String> {
    lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty()).map(step).collect()
}

fn step(lines: &[String]) -> Result<Step, String> {
    let asked = lines.iter().position(|line| line.starts_with("=> ")).ok_or("a step has no `=> status`")?;
    let (method, path) = lines[0].split_once(' ').ok_or("a step begins with a method and a path")?;
    let (headers, body) = headers_and_rest(&lines[1..asked]);
    let (expected_headers, expected) = headers_and_rest(&lines[asked + 1..]);
    let verdict = lines[asked]["=> ".len()..].trim();
    let eventually = verdict.ends_with(" eventually");
    let statuses: Result<Vec<u16>, _> =
        verdict.trim_end_matches(" eventually").split(" or ").map(|status| status.trim().parse()).collect();
    Ok(Step {
        method: method.to_owned(),
        path: path.trim().to_owned(),
        headers,
        body,
        statuses: statuses.map_err(|_| format!("`{verdict}` is no status"))?,
        eventually,
        expected_headers,
        expected,
    })
}

type Headers = Vec<(String, String)>;

fn headers_and_rest(lines: &[String]) -> (Headers, Vec<String>) {
    let header = |line: &String| {
        let (name, value) = line.split_once(": ")?;
        let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        named.then(|| (name.to_owned(), value.to_owned()))
    };
    let headers: Headers = lines.iter().map_while(header).collect();
    let rest = lines[headers.len()..].to_vec();
    (headers, rest)
}
