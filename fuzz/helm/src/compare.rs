//! What two renderings have in common.

use std::collections::BTreeMap;
use std::fmt;

/// What a program said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The text of the manifests.
    Output(String),
    /// Why there are none.
    Refusal(String),
    /// Random texts or the time are wanted.
    Random(String),
}

/// How two answers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// The same bytes.
    Same,
    /// Both refuse, in the same words.
    SameRefusal,
    /// Both refuse, in other words.
    OtherWords,
    /// Random texts or the time are wanted, and all lines are as long as the reference's.
    Random,
    /// Random texts or the time are wanted, or keys, and the lines are others.
    OtherRandom,
    /// Both render, to other bytes.
    OtherBytes,
    /// Only we refuse.
    WeRefuse,
    /// Only we render.
    WeRender,
}

/// Compares ours with the reference's.
pub(crate) fn compare(ours: &Answer, reference: &Answer) -> Class {
    match (ours, reference) {
        // Random texts are as long in both, and so are the times.
        (Answer::Random(a), Answer::Output(b)) => {
            let lines = |text: &str| text.lines().map(|line| line.chars().count()).collect::<Vec<_>>();
            if lines(a) == lines(b) { Class::Random } else { Class::OtherRandom }
        }
        (Answer::Random(a), Answer::Refusal(b)) if a == b => Class::SameRefusal,
        (Answer::Random(_), _) => Class::OtherRandom,
        (Answer::Output(a), Answer::Output(b)) if a == b => Class::Same,
        (Answer::Output(_), Answer::Output(_)) => Class::OtherBytes,
        (Answer::Refusal(a), Answer::Refusal(b)) if a == b => Class::SameRefusal,
        (Answer::Refusal(_), Answer::Refusal(_)) => Class::OtherWords,
        (Answer::Refusal(_), _) => Class::WeRefuse,
        (Answer::Output(_), _) => Class::WeRender,
    }
}

/// Returns the first lines that differ.
pub(crate) fn first_difference(ours: &Answer, reference: &Answer) -> String {
    let text = |answer: &Answer| match answer {
        Answer::Output(text) | Answer::Refusal(text) | Answer::Random(text) => text.clone(),
    };
    let (ours, reference) = (text(ours), text(reference));
    let lines = ours.lines().map(Some).chain(std::iter::repeat(None));
    let mut pairs = lines.zip(reference.lines().map(Some).chain(std::iter::repeat(None))).enumerate();
    let limit = ours.lines().count().max(reference.lines().count());
    let different = pairs.by_ref().take(limit).find(|(_, (a, b))| a != b);
    match different {
        Some((at, (a, b))) => format!("line {}\n    ours: {}\n    helm: {}", at + 1, cut(a), cut(b)),
        None => "the ends of lines".to_owned(),
    }
}

fn cut(line: Option<&str>) -> String {
    match line {
        Some(line) => line.chars().take(300).collect(),
        None => "(nothing)".to_owned(),
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    counts: BTreeMap<Class, u64>,
    notes: Vec<String>,
    /// What both refuse, by the first words.
    refusals: BTreeMap<String, u64>,
    /// How many answers differ in more than words.
    pub(crate) differences: u64,
}

impl Summary {
    /// Counts a pair of answers.
    pub(crate) fn add(&mut self, name: &str, ours: &Answer, reference: &Answer, show: bool) {
        let class = compare(ours, reference);
        *self.counts.entry(class).or_default() += 1;
        if matches!(class, Class::OtherBytes | Class::WeRefuse | Class::WeRender) {
            self.differences += 1;
        }
        if let (Class::SameRefusal, Answer::Refusal(message)) = (class, reference) {
            let words: Vec<&str> = message.split_whitespace().take(4).collect();
            *self.refusals.entry(words.join(" ")).or_default() += 1;
        }
        if show && !matches!(class, Class::Same | Class::SameRefusal | Class::Random) {
            self.notes.push(format!("{class:?} {name}: {}", first_difference(ours, reference)));
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        for (words, count) in self.refusals.iter().filter(|(_, count)| **count > 1) {
            writeln!(f, "{count:>6} refused: {words} …")?;
        }
        for (class, count) in &self.counts {
            writeln!(f, "{count:>6} {class:?}")?;
        }
        Ok(())
    }
}
