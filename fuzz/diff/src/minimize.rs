//! Making a question small while it still shows what it shows.

use crate::question::Question;
use trueup_manifest::Value;

/// How many smaller questions are tried.
const MAX_TRIES: usize = 1500;

/// Returns the smallest question found for which `shows` holds.
pub(crate) fn minimize(question: &Question, mut shows: impl FnMut(&Question) -> bool) -> Question {
    let mut best = question.clone();
    let mut tries = 0;
    let mut shrunk = true;
    while shrunk && tries < MAX_TRIES {
        shrunk = false;
        for part in 0..4 {
            let mut at = 0;
            while tries < MAX_TRIES {
                let Some(smaller) = without(&part_of(&best, part), &mut { at }) else { break };
                tries += 1;
                let mut candidate = best.clone();
                set_part(&mut candidate, part, smaller);
                if shows(&candidate) {
                    best = candidate;
                    shrunk = true;
                } else {
                    at += 1;
                }
            }
        }
    }
    best
}

fn part_of(question: &Question, part: usize) -> Value {
    match part {
        0 => question.a.clone(),
        1 => question.b.clone(),
        2 => question.c.clone(),
        _ => question.more.clone().into(),
    }
}

fn set_part(question: &mut Question, part: usize, value: Value) {
    match part {
        0 => question.a = value,
        1 => question.b = value,
        2 => question.c = value,
        _ => question.more = value.as_map().cloned().unwrap_or_default(),
    }
}

/// Returns the value without its member or item of this number, counted from the outside in.
fn without(value: &Value, number: &mut usize) -> Option<Value> {
    if let Some(map) = value.as_map() {
        // Who an object is stays.
        let kept = ["apiVersion", "kind", "metadata", "name", "options", "tracking", "label"];
        for key in map.keys().filter(|key| !kept.contains(&key.as_str())) {
            if *number == 0 {
                let mut out = map.clone();
                out.remove(key);
                return Some(out.into());
            }
            *number -= 1;
        }
        return map.iter().find_map(|(key, member)| {
            let smaller = without(member, number)?;
            let mut out = map.clone();
            out.insert(key.clone(), smaller);
            Some(out.into())
        });
    }
    let items = value.as_seq()?;
    for at in 0..items.len() {
        if *number == 0 {
            let kept = items.iter().enumerate().filter(|(place, _)| *place != at);
            return Some(kept.map(|(_, item)| item.clone()).collect());
        }
        *number -= 1;
    }
    items.iter().enumerate().find_map(|(at, item)| {
        let smaller = without(item, number)?;
        let mut out = items.to_vec();
        if let Some(place) = out.get_mut(at) {
            *place = smaller;
        }
        Some(out.into())
    })
}
