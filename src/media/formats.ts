/**
 * What ffmpeg may open. Everything else, playlists, subtitles and all video decoders above all, is refused by its own
 * lists, before a byte reaches such code.
 */
export const DEMUXERS = [
  ...['mp3', 'wav', 'w64', 'aiff', 'caf', 'flac', 'aac', 'amr', 'amrnb', 'amrwb', 'ogg', 'matroska', 'webm'],
  ...[
    'mov',
    'mp4',
    'm4a',
    '3gp',
    '3g2',
    'mj2',
    'matroska,webm',
    'mov,mp4,m4a,3gp,3g2,mj2',
    'avi',
    'asf',
    'mpegts',
    'mpeg',
  ],
];

/** Audio only; video streams beside them are skipped undecoded. */
export const AUDIO_DECODERS = [
  ...['mp3', 'mp3float', 'mp2', 'mp2float', 'aac', 'aac_fixed', 'opus', 'libopus', 'vorbis', 'flac', 'alac'],
  ...[
    'amrnb',
    'amrwb',
    'ac3',
    'eac3',
    'wmav1',
    'wmav2',
    'gsm',
    'gsm_ms',
    'adpcm_ms',
    'adpcm_ima_wav',
    'adpcm_ima_qt',
  ],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_f32be'],
  ...['pcm_f64le', 'pcm_f64be', 'pcm_u8', 'pcm_s8', 'pcm_mulaw', 'pcm_alaw'],
];
