//! A scene as a PNG image.
//!
//! The bitmap back end draws hard edges, so shapes are drawn three times as large and averaged; letters are drawn
//! afterwards at the size of the image, where their own smoothing is sharper.

use plotters::prelude::BitMapBackend;
use plotters_backend::DrawingBackend;

use super::super::ChartError;
use super::super::scene::Scene;
use super::glyphs::{LabelStyle, Letters};
use super::play::play;

/// Pixels that the enlarged drawing may have: 50 MB of memory.
const MOST_PIXELS: u64 = 17_000_000;

pub(in crate::chart) fn png(scene: &Scene, scale: u32) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (scene.size.width * scale, scene.size.height * scale);
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        return Err(ChartError::TooLarge { width, height });
    }
    let times = [3, 2].into_iter().find(|t| pixels * t * t <= MOST_PIXELS).unwrap_or(1) as u32;
    let mut image = averaged(&shapes(scene, (width, height), scale * times, times)?, width as usize, times as usize);
    letters(scene, &mut image, (width, height), scale)?;
    compressed(&image, width, height)
}

fn failed(error: impl std::fmt::Display) -> ChartError {
    ChartError::Encode(error.to_string())
}

fn shapes(scene: &Scene, (width, height): (u32, u32), factor: u32, times: u32) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (width * times, height * times);
    let mut buffer = vec![255; (width * height * 3) as usize];
    let mut back = BitMapBackend::with_buffer(&mut buffer, (width, height));
    play(scene, &mut back, f64::from(factor)).map_err(failed)?;
    back.present().map_err(failed)?;
    drop(back);
    Ok(buffer)
}

/// Means of `times` x `times` pixels.
fn averaged(large: &[u8], width: usize, times: usize) -> Vec<u8> {
    if times == 1 {
        return large.to_vec();
    }
    let row = width * 3;
    let mut image = Vec::with_capacity(large.len() / (times * times));
    let mut sums = vec![0u16; row];
    let parts = (times * times) as u16;
    for rows in large.chunks_exact(row * times * times) {
        sums.fill(0);
        for line in rows.chunks_exact(row * times) {
            for (sum, block) in sums.chunks_exact_mut(3).zip(line.chunks_exact(3 * times)) {
                for pixel in block.chunks_exact(3) {
                    sum[0] += u16::from(pixel[0]);
                    sum[1] += u16::from(pixel[1]);
                    sum[2] += u16::from(pixel[2]);
                }
            }
        }
        image.extend(sums.iter().map(|sum| ((sum + parts / 2) / parts) as u8));
    }
    image
}

fn letters(scene: &Scene, image: &mut [u8], size: (u32, u32), scale: u32) -> Result<(), ChartError> {
    let factor = f64::from(scale);
    let mut pictures = Letters::default();
    for label in &scene.labels {
        pictures.prepare(label, factor);
    }
    let mut back = BitMapBackend::with_buffer(image, size);
    for label in &scene.labels {
        let style = LabelStyle { label, factor, letters: Some(&pictures) };
        // The fraction of the place along the text is in the letters' own places.
        let along = |v: f64| (v * factor).trunc() as i32;
        let across = |v: f64| (v * factor).round() as i32;
        let at = if label.turned {
            (across(label.at.0), across(label.at.1))
        } else {
            (along(label.at.0), across(label.at.1))
        };
        back.draw_text(&label.text, &style, at).map_err(failed)?;
    }
    back.present().map_err(failed)
}

fn compressed(image: &[u8], width: u32, height: u32) -> Result<Vec<u8>, ChartError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat colours repeat along and across: without a filter they compress best, and most of the gain comes early.
    encoder.set_deflate_compression(png::DeflateCompression::Level(1));
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(image).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
