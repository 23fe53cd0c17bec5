import { sniff } from './sniff';

const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

describe('what a file is', () => {
  it.each([
    ['ID3\x04\x00', 'audio/mpeg'],
    ['\xff\xfb\x90\x64', 'audio/mpeg'],
    ['\xff\xf1\x50\x80', 'audio/aac'],
    ['\x00\x00\x00\x20ftypM4A ', 'audio/mp4'],
    ['\x00\x00\x00\x20ftypisom', 'video/mp4'],
    ['\x00\x00\x00\x20ftypqt  ', 'video/quicktime'],
    ['\x00\x00\x00\x20ftyp3gp5', 'video/3gpp'],
    ['\x1a\x45\xdf\xa3....webm....A_OPUS', 'audio/webm'],
    ['\x1a\x45\xdf\xa3....webm....V_VP9', 'video/webm'],
    ['\x1a\x45\xdf\xa3....matroska....V_MPEG4', 'video/x-matroska'],
    ['OggS....OpusHead', 'audio/ogg'],
    ['OggS....\x80theora', 'video/ogg'],
    ['RIFF\x00\x00\x00\x00WAVEfmt ', 'audio/wav'],
    ['RIFF\x00\x00\x00\x00AVI LIST', 'video/x-msvideo'],
    ['fLaC\x00', 'audio/flac'],
    ['#!AMR\n', 'audio/amr'],
    ['ID3\x03PK\x03\x04', 'audio/mpeg'],
  ])('%j is media, whatever it is called', (head, media) => {
    expect(sniff(bytes(head), 'notes.txt')).toEqual({ media });
    expect(sniff(bytes(head), 'x')).toEqual({ media });
  });

  it.each([
    ['WEBVTT\n', 'x', 'vtt'],
    ['\xef\xbb\xbfWEBVTT\n', 'x.txt', 'txt'],
    ['\xff\xfeB\0e\0n\0', 'x.TXT', 'txt'],
    ['1\n00:00:00,000 --> 00:00:01,000\nHi', 'x.srt', 'srt'],
    ['{"segments":[]}', 'x.json', 'json'],
    ['Ben: hello', 'x.txt', 'txt'],
  ])('%j called %s is a transcript', (head, name, transcript) => {
    expect(sniff(bytes(head), name)).toEqual({ transcript });
  });

  it.each([
    ['Ben: hello', 'x.mp3'],
    ['Ben: hello', 'x'],
    ['<html>', 'x.txt'],
    ['  <SVG>', 'x.json'],
    ['PK\x03\x04', 'x.txt'],
    ['%PDF-1.7', 'x.txt'],
    ['\x7fELF', 'x.vtt'],
    ['MZ\x90\0', 'x.txt'],
    ['RIFF\x00\x00\x00\x00WEBP', 'x.wav'],
    ['\xff\xff\xff\xff', 'x.mp3'],
    ['\xff', 'x.mp3'],
    ['a\0b', 'x.txt'],
  ])('%j called %s is nothing that we take', (head, name) => {
    expect(sniff(bytes(head), name)).toBeNull();
  });
});
