//! Digests, passwords, AES; certificates are refused by name.

use super::args::{Family, I, S, bytes, fixed, string, text};
use crate::env::Env;
use crate::function::{Fault, Function, Outcome, Ty};
use crate::go::encoding::{base64_decode, base64_encode, bcrypt_base64};
use crate::value::Value;
use aes::Aes256;
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit, generic_array::GenericArray};
use hmac::Mac;
use sha2::Digest;

pub(super) fn table() -> Family {
    const L: Ty = Ty::List;
    const C: Ty = Ty::Certificate;
    vec![
        ("sha1sum", fixed(&[S], |_, a| Ok(hex(&sha1::Sha1::digest(bytes(a, 0)))))),
        ("sha256sum", fixed(&[S], |_, a| Ok(hex(&sha2::Sha256::digest(bytes(a, 0)))))),
        ("sha512sum", fixed(&[S], |_, a| Ok(hex(&sha2::Sha512::digest(bytes(a, 0)))))),
        ("adler32sum", fixed(&[S], |_, a| Ok(adler32(bytes(a, 0)).to_string().into()))),
        ("bcrypt", fixed(&[S], |env, a| bcrypt(env, bytes(a, 0)).map(Value::from))),
        ("htpasswd", fixed(&[S, S], htpasswd)),
        ("derivePassword", fixed(&[Ty::Uint32, S, S, S, S], derive_password)),
        ("encryptAES", fixed(&[S, S], encrypt)),
        ("decryptAES", fixed(&[S, S], decrypt)),
        ("genPrivateKey", fixed(&[S], private_key)),
        ("buildCustomCert", fixed(&[S, S], build_cert)),
        ("genCA", refused(&[S, I])),
        ("genCAWithKey", refused(&[S, I, S])),
        ("genSelfSignedCert", refused(&[S, L, L, I])),
        ("genSelfSignedCertWithKey", refused(&[S, L, L, I, S])),
        ("genSignedCert", refused(&[S, L, L, I, C])),
        ("genSignedCertWithKey", refused(&[S, L, L, I, C, S])),
        ("env", refused(&[S])),
        ("expandenv", refused(&[S])),
        ("getHostByName", refused(&[S])),
    ]
}

/// A function that exists so that templates parse, and says why it cannot be had.
fn refused(params: &'static [Ty]) -> Function {
    fixed(params, |_, _| Err(Fault::Unsupported("the function is not supported here".to_owned())))
}

fn hex(digest: &[u8]) -> Value {
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % MODULUS;
        b = (b + a) % MODULUS;
    }
    b << 16 | a
}

fn bcrypt(env: &mut Env<'_>, password: &[u8]) -> Outcome<String> {
    if password.len() > 72 {
        let text = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        return Ok(text.to_owned());
    }
    env.spend(100_000)?;
    let salt: [u8; 16] = env.random_bytes(16)?.try_into().unwrap_or_default();
    Ok(bcrypt_text(password, salt))
}

fn bcrypt_text(password: &[u8], salt: [u8; 16]) -> String {
    // The key ends with a zero, if there is room for it.
    let key: Vec<u8> = password.iter().copied().chain([0]).take(72).collect();
    let hash = bcrypt::bcrypt(10, salt, &key);
    // The last byte is left out.
    let hash = hash.get(..23).unwrap_or_default();
    format!("$2a$10${}{}", bcrypt_base64(&salt), bcrypt_base64(hash))
}

fn htpasswd(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let user = text(args, 0);
    if user.contains(':') {
        return Ok(format!("invalid username: {user}").into());
    }
    let hash = bcrypt(env, bytes(args, 1))?;
    Ok(string([bytes(args, 0), b":", hash.as_bytes()].concat()))
}

/// The password templates of the Master Password algorithm.
fn password_templates(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium" => &["CvcnoCvc", "CvcCvcno"],
        "short" => &["Cvcn"],
        "basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => &["nnnn"],
        _ => return None,
    })
}

fn password_characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn with_length(text: &[u8]) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
    [b"com.lyndir.masterpassword".as_slice(), &length, text].concat()
}

fn derive_password(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let kind = text(args, 1);
    let Some(templates) = password_templates(&kind) else {
        return Ok(format!("cannot find password template {kind}").into());
    };
    // 64 MiB and a good part of a second.
    env.spend(1_000_000)?;
    let mut key = [0_u8; 64];
    let failed = |error: &dyn std::fmt::Display| Fault::Error(format!("failed to derive password: {error}"));
    let cost = scrypt::Params::new(15, 8, 2, 64).map_err(|error| failed(&error))?;
    scrypt::scrypt(bytes(args, 2), &with_length(bytes(args, 3)), &cost, &mut key)
        .map_err(|error| failed(&error))?;
    let counter = match args.first() {
        Some(Value::Uint(_, counter)) => u32::try_from(*counter).unwrap_or(0),
        _ => 0,
    };
    let mut mac = <hmac::Hmac<sha2::Sha256> as Mac>::new_from_slice(&key).map_err(|error| failed(&error))?;
    mac.update(&with_length(bytes(args, 4)));
    mac.update(&counter.to_be_bytes());
    let seed = mac.finalize().into_bytes();
    let pick = |at: usize, count: usize| usize::from(seed.get(at).copied().unwrap_or(0)) % count.max(1);
    let template = templates.get(pick(0, templates.len())).copied().unwrap_or_default();
    let password: Vec<u8> = template
        .bytes()
        .enumerate()
        .filter_map(|(at, class)| {
            let characters = password_characters(class);
            characters.get(pick(at + 1, characters.len())).copied()
        })
        .collect();
    Ok(string(password))
}

fn cipher(password: &[u8]) -> Aes256 {
    let mut key = [0_u8; 32];
    key.iter_mut().zip(password).for_each(|(slot, byte)| *slot = *byte);
    Aes256::new(&GenericArray::from(key))
}

fn encrypt(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let plain = bytes(args, 1);
    if plain.is_empty() {
        return Ok("".into());
    }
    let cipher = cipher(bytes(args, 0));
    let padding = 16 - plain.len() % 16;
    let mut padded = plain.to_vec();
    padded.resize(plain.len() + padding, u8::try_from(padding).unwrap_or(16));
    let mut out = env.random_bytes(16)?;
    let mut before: [u8; 16] = out.clone().try_into().unwrap_or_default();
    for chunk in padded.chunks(16) {
        before.iter_mut().zip(chunk).for_each(|(slot, byte)| *slot ^= byte);
        let mut block = GenericArray::from(before);
        cipher.encrypt_block(&mut block);
        before = block.into();
        out.extend_from_slice(&before);
    }
    Ok(base64_encode(&out).into())
}

fn decrypt(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    if bytes(args, 1).is_empty() {
        return Ok("".into());
    }
    let input = base64_decode(bytes(args, 1))?;
    let cipher = cipher(bytes(args, 0));
    let out_of_range =
        |what: String| Fault::Error(format!("runtime error: slice bounds out of range {what}"));
    if input.len() < 16 {
        // Go's slice has room to spare, so that it is the second cut that fails.
        let room = base64_room(bytes(args, 1));
        if room < 16 {
            return Err(out_of_range(format!("[:16] with capacity {room}")));
        }
        return Err(out_of_range(format!("[16:{}]", input.len())));
    }
    let (iv, body) = input.split_at_checked(16).unwrap_or((&input, b""));
    if !body.len().is_multiple_of(16) {
        return Err("crypto/cipher: input not full blocks".into());
    }
    let mut before: [u8; 16] = iv.try_into().unwrap_or_default();
    let mut plain = Vec::with_capacity(body.len());
    for chunk in body.chunks(16) {
        let chunk: [u8; 16] = chunk.try_into().unwrap_or_default();
        let mut block = GenericArray::from(chunk);
        cipher.decrypt_block(&mut block);
        plain.extend(block.iter().zip(before).map(|(byte, mask)| byte ^ mask));
        before = chunk;
    }
    let Some(padding) = plain.last().copied() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    match plain.len().checked_sub(usize::from(padding)) {
        Some(len) => Ok(string(plain.get(..len).unwrap_or_default())),
        None => {
            let end = plain.len() as i64 - i64::from(padding);
            Err(out_of_range(format!("[:{end}]")))
        }
    }
}

/// Returns the capacity of what Go decodes base 64 into.
fn base64_room(text: &[u8]) -> usize {
    text.len() / 4 * 3
}

fn pem(label: &str, der: &[u8]) -> String {
    let encoded = base64_encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for (position, c) in encoded.chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out.push_str(&format!("\n-----END {label}-----\n"));
    out
}

fn private_key(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match &*text(args, 0) {
        "ed25519" => {
            // PKCS #8: version 0, algorithm 1.3.101.112, the seed in an octet string twice over.
            let header = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
            let seed = env.random_bytes(32)?;
            Ok(pem("PRIVATE KEY", &[header.as_slice(), &seed].concat()).into())
        }
        kind @ ("" | "rsa" | "dsa" | "ecdsa") => {
            let kind = if kind.is_empty() { "rsa" } else { kind };
            Err(Fault::Unsupported(format!("keys of type {kind} are not supported here")))
        }
        kind => Ok(format!("Unknown type {kind}").into()),
    }
}

fn build_cert(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let certificate =
        base64_decode(bytes(args, 0)).map_err(|_| "unable to decode base64 certificate".to_owned())?;
    base64_decode(bytes(args, 1)).map_err(|_| "unable to decode base64 private key".to_owned())?;
    if memchr::memmem::find(&certificate, b"-----BEGIN ").is_none() {
        return Err("unable to decode certificate".into());
    }
    Err(Fault::Unsupported("the function is not supported here".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The well-known answer to "a".
    #[test]
    fn bcrypt_of_known_salt() {
        let salt = [155, 239, 77, 4, 225, 248, 249, 47, 61, 229, 115, 35, 248, 23, 145, 144];
        let expected = "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u";
        assert_eq!(bcrypt_text(b"a", salt), expected);
    }
}
