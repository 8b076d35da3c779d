//! Colours that can be read, and files that are pictures.

use domain::brand::{Color, ImageKind, LEAST_CONTRAST, MAX_LOGO, check_brand, check_logo};
use domain::value::FieldProblem;
use proptest::prelude::{any, proptest};

#[test]
fn only_colours_that_can_be_read_on_white_are_taken() {
    for (typed, expected) in [
        ("#2B3A7C", Ok("#2b3a7c")),
        (" ＃２ｂ３ａ７ｃ", Ok("#2b3a7c")),
        ("000000", Ok("#000000")),
        ("", Ok("")),
        ("#ffee00", Err("too-pale")),
        ("#fff", Err("not-a-color")),
        ("red", Err("not-a-color")),
        ("#12345g", Err("not-a-color")),
    ] {
        let codes = |problems: Vec<FieldProblem>| problems[0].code.clone();
        let checked = check_brand("", typed).map(|(_, color)| color).map_err(codes);
        assert_eq!(checked, expected.map(str::to_owned).map_err(str::to_owned), "{typed}");
    }
    let black = Color::parse("#000000").unwrap();
    assert!((black.contrast_with_white() - 21.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn every_colour_has_one_that_is_read_on_dark_pages(red in any::<u8>(), green in any::<u8>(), blue in any::<u8>()) {
        let color = Color::parse(&format!("#{red:02x}{green:02x}{blue:02x}")).unwrap();
        let sheet = Color::parse("#1c1f29").unwrap();
        assert!(color.for_dark().contrast(sheet) >= LEAST_CONTRAST);
        let text = if color.text_on() == "#fff" { "#ffffff" } else { color.text_on() };
        assert!(color.contrast(Color::parse(text).unwrap()) >= 4.0);
    }
}

#[test]
fn logo_is_a_picture_by_its_bytes_and_never_a_drawing() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    for (file, expected) in [
        (png, Ok(ImageKind::Png)),
        (b"\xff\xd8\xff\xe0JFIF".as_slice(), Ok(ImageKind::Jpeg)),
        (b"RIFF\0\0\0\0WEBPVP8 ".as_slice(), Ok(ImageKind::Webp)),
        (b"GIF89a".as_slice(), Ok(ImageKind::Gif)),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".as_slice(), Err("not-a-picture")),
        (b"<?xml version=\"1.0\"?><svg/>".as_slice(), Err("not-a-picture")),
        (b"<html>".as_slice(), Err("not-a-picture")),
        (b"".as_slice(), Err("required")),
    ] {
        let checked = check_logo(file).map_err(|problem| problem.code);
        assert_eq!(checked, expected.map_err(str::to_owned));
    }
    let large = [png, &vec![0; MAX_LOGO]].concat();
    assert_eq!(check_logo(&large).unwrap_err().code, "logo-too-large");
}
