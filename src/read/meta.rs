//! Small readers of metadata that several formats share: languages, host names, addresses.

/// A language code as ISO 639-1: "en-US", "en_GB" and "English" are "en".
pub fn language(value: &str) -> Option<String> {
    const NAMES: [(&str, &str); 20] = [
        ("english", "en"),
        ("eng", "en"),
        ("german", "de"),
        ("deutsch", "de"),
        ("deu", "de"),
        ("ger", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("fra", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("spa", "es"),
        ("italian", "it"),
        ("ita", "it"),
        ("portuguese", "pt"),
        ("por", "pt"),
        ("dutch", "nl"),
        ("russian", "ru"),
        ("chinese", "zh"),
        ("arabic", "ar"),
    ];
    let lower = value.trim().to_lowercase();
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == lower) {
        return Some(code.to_string());
    }
    let code = lower.split(['-', '_']).next().unwrap_or_default();
    let fits = matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase());
    (fits && code != "und").then(|| code.to_string())
}

/// The host of an address, without `www.`.
pub fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_start_matches("www.");
    host.contains('.').then(|| host.to_lowercase())
}

/// A one-line value: trimmed, white space and control characters collapsed, `None` when empty.
pub fn line(value: &str) -> Option<String> {
    let mut clean = super::clean::Clean::new(value);
    clean.copy(0..value.len());
    Some(clean.finish().text).filter(|text| !text.is_empty())
}
