//! Random text and numbers, from the source that the render was given.

use super::args::{Family, I, S, bytes, fixed, int, string};
use crate::env::Env;
use crate::function::{Fault, Outcome};
use crate::go::encoding::base64_encode;
use crate::value::{Runes, Value};

pub(super) fn table() -> Family {
    vec![
        ("randAlphaNum", fixed(&[I], |env, a| random_text(env, a, |c| c.is_ascii_alphanumeric()))),
        ("randAlpha", fixed(&[I], |env, a| random_text(env, a, |c| c.is_ascii_alphabetic()))),
        ("randNumeric", fixed(&[I], |env, a| random_text(env, a, |c| c.is_ascii_digit()))),
        ("randAscii", fixed(&[I], |env, a| random_text(env, a, |c| (b' '..=b'~').contains(c)))),
        ("randBytes", fixed(&[I], random_bytes)),
        ("randInt", fixed(&[I, I], random_int)),
        ("shuffle", fixed(&[S], shuffle)),
        ("uuidv4", fixed(&[], uuid)),
    ]
}

fn random_text(env: &mut Env<'_>, args: &[Value], allowed: fn(&u8) -> bool) -> Outcome {
    let count = usize::try_from(int(args, 0)).unwrap_or(0);
    env.items(count)?;
    let alphabet: Vec<u8> = (0..128_u8).filter(allowed).collect();
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        let at = env.random_below(alphabet.len() as u64)?;
        out.extend(usize::try_from(at).ok().and_then(|at| alphabet.get(at)));
    }
    Ok(string(out))
}

fn random_bytes(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let Ok(count) = usize::try_from(int(args, 0)) else {
        return Err("runtime error: makeslice: len out of range".into());
    };
    env.items(count / 8)?;
    Ok(base64_encode(&env.random_bytes(count)?).into())
}

fn random_int(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (low, high) = (int(args, 0), int(args, 1));
    let width = high.wrapping_sub(low);
    if width <= 0 {
        return Err(Fault::from("invalid argument to Intn"));
    }
    let offset = env.random_below(width.unsigned_abs())?;
    Ok(Value::int(low.wrapping_add_unsigned(offset)))
}

fn shuffle(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut runes: Vec<char> = Runes(bytes(args, 0)).map(|(rune, _)| rune).collect();
    env.items(runes.len())?;
    for last in (1..runes.len()).rev() {
        let at = usize::try_from(env.random_below(last as u64 + 1)?).unwrap_or(0);
        runes.swap(last, at.min(last));
    }
    Ok(runes.into_iter().collect::<String>().into())
}

fn uuid(env: &mut Env<'_>, _: &[Value]) -> Outcome {
    let high = env.random()? & !0xF000 | 0x4000;
    let low = env.random()? & !(0b11 << 62) | 0b10 << 62;
    let text = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    );
    Ok(text.into())
}
