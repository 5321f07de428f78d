//! Words with figures in them: `Thu ngân sách đạt {0601}, {0601.change}.`

/// What of a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// `{1001}`: the figure with its unit.
    Value,
    /// `{1001.change}`: the change on last year, in words.
    Change,
    /// `{1001.period}`: its period, in words.
    Period,
    /// `{1001.plan}`: how it stands against its plan, in words.
    Plan,
}

impl Aspect {
    /// Names after the point.
    pub const ALL: [(&str, Aspect); 3] =
        [("change", Aspect::Change), ("period", Aspect::Period), ("plan", Aspect::Plan)];
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'t> {
    /// As it stands.
    Plain(&'t str),
    /// A figure.
    Figure {
        /// Indicator code.
        code: &'t str,
        /// What is told of it.
        aspect: Aspect,
    },
}

/// What is wrong with a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong<'t> {
    /// Byte offset in the text.
    pub(super) offset: usize,
    /// The placeholder.
    pub(super) text: &'t str,
}

/// The pieces of a checked text; what is no placeholder stays as it stands.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    pieces(text).into_iter().map(|(_, piece)| piece.unwrap_or_else(|wrong| Part::Plain(wrong.text))).collect()
}

/// The pieces of a text with their offsets, those that are wrong among them.
pub(super) fn pieces(text: &str) -> Vec<(usize, Result<Part<'_>, Wrong<'_>>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|i| at + i) {
        if open > at {
            found.push((at, Ok(Part::Plain(&text[at..open]))));
        }
        let end = text[open..].find('}').map_or(text.len(), |i| open + i + 1);
        let whole = &text[open..end];
        let inner = whole.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let piece = match inner.map(|inner| inner.split_once('.').map_or((inner, None), |(c, a)| (c, Some(a)))) {
            Some((code, None)) if !code.is_empty() => Ok(Part::Figure { code, aspect: Aspect::Value }),
            Some((code, Some(name))) => {
                let known = Aspect::ALL.iter().find(|(known, _)| *known == name);
                known
                    .map(|(_, aspect)| Part::Figure { code, aspect: *aspect })
                    .ok_or(Wrong { offset: open, text: whole })
            }
            _ => Err(Wrong { offset: open, text: whole }),
        };
        found.push((open, piece));
        at = end;
    }
    if at < text.len() {
        found.push((at, Ok(Part::Plain(&text[at..]))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_among_words() {
        let seen = parts("Thu {0601}, {0601.change}!");
        let figure = |aspect| Part::Figure { code: "0601", aspect };
        let expected =
            [Part::Plain("Thu "), figure(Aspect::Value), Part::Plain(", "), figure(Aspect::Change), Part::Plain("!")];
        assert_eq!(seen, expected);
        assert_eq!(parts("không có số"), [Part::Plain("không có số")]);
    }

    #[test]
    fn what_is_no_placeholder_is_placed() {
        let wrong: Vec<_> = pieces("a {0601.chnge} {} {0601").into_iter().filter_map(|(_, p)| p.err()).collect();
        let at: Vec<(usize, &str)> = wrong.iter().map(|w| (w.offset, w.text)).collect();
        assert_eq!(at, [(2, "{0601.chnge}"), (15, "{}"), (18, "{0601")]);
    }
}
