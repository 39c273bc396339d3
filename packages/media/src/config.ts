import type { Redis } from '@flotilla/redis';
import { createAddressPolicy } from '@flotilla/safe-fetch';
import { ConfigError } from '@flotilla/service';
import Type, { type Static } from 'typebox';
import { type Converter, createConverter } from './convert/converter.ts';
import { createDirectoryStore } from './directory-store.ts';
import { createDownloader } from './download.ts';
import { createMedia, type Media } from './media.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store } from './s3-store.ts';

const bytes = (description: string, value: number) =>
  Type.Integer({ minimum: 0, default: value, description, examples: [value] });

/** Variables of every app that stores or reads files; they must mean the same storage everywhere. */
export const mediaSettings = {
  MEDIA_DIR: Type.String({
    default: './data/media',
    description: 'the directory where files are stored unless MINIO_ENDPOINT is set; all apps must see the same one,',
    examples: ['/var/lib/flotilla/media'],
  }),
  MEDIA_MAX_FILE_BYTES: bytes('the largest file in bytes, 0 for no limit,', 104_857_600),
  MEDIA_MAX_TENANT_BYTES: bytes('how many bytes all files of a tenant may take, 0 for no limit,', 10_737_418_240),
  MEDIA_RETENTION_DAYS: Type.Number({
    minimum: 0,
    default: 30,
    description: 'after how many days a file is removed, 0 for never,',
    examples: [30],
  }),
  MEDIA_FETCH_TIMEOUT_SECONDS: Type.Number({
    minimum: 1,
    maximum: 3_600,
    default: 120,
    description: 'the longest time in seconds for fetching a file by URL,',
    examples: [120],
  }),
  MEDIA_ALLOW_CIDRS: Type.String({
    default: '',
    description: 'internal networks that files may be fetched from, comma separated, empty for none,',
    examples: ['10.1.0.0/16,127.0.0.1/32'],
  }),
  MINIO_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^(https?://)?[\\w.-]+(:\\d{1,5})?/?$|^(https?://)?\\[[0-9a-fA-F:]+\\](:\\d{1,5})?/?$',
      description: 'the URL of a MinIO or other S3 server that stores the files, without the bucket,',
      examples: ['https://minio.example.com'],
    }),
  ),
  MINIO_PORT: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'the port of the S3 server if MINIO_ENDPOINT names none,',
      examples: [9000],
    }),
  ),
  MINIO_USE_SSL: Type.Optional(
    Type.Boolean({
      description: 'whether the S3 server speaks https if MINIO_ENDPOINT does not say,',
      examples: [true],
    }),
  ),
  MINIO_ACCESS_KEY: Type.Optional(Type.String({ description: 'the access key of the S3 server' })),
  MINIO_SECRET_KEY: Type.Optional(Type.String({ description: 'the secret key of the S3 server' })),
  MINIO_BUCKET: Type.String({
    pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    default: 'whatsapp-media',
    description: 'the bucket, created if it is missing,',
    examples: ['whatsapp-media'],
  }),
  MINIO_REGION: Type.String({ default: 'us-east-1', description: "the S3 server's region", examples: ['us-east-1'] }),
  MINIO_PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/\\s]+/?$',
      description: 'the URL by which the S3 server is reached from outside, for links that lead to it directly,',
      examples: ['https://files.example.com'],
    }),
  ),
} as const;

const settingsSchema = Type.Object(mediaSettings);
/** What `mediaSettings` are read to. */
export type MediaSettings = Static<typeof settingsSchema>;

/**
 * Opens the storage that the settings describe. Nothing is connected to or created before it is used.
 * @throws ConfigError for settings that do not go together
 */
export function openMedia(settings: MediaSettings, redis: Redis): Media {
  return createMedia({
    store: storeOf(settings),
    redis,
    downloader: createDownloader(addressesOf(settings)),
    limits: {
      fileBytes: settings.MEDIA_MAX_FILE_BYTES,
      tenantBytes: settings.MEDIA_MAX_TENANT_BYTES,
      retentionMs: Math.round(settings.MEDIA_RETENTION_DAYS * 86_400_000),
      fetchTimeoutMs: settings.MEDIA_FETCH_TIMEOUT_SECONDS * 1_000,
    },
  });
}

function addressesOf({ MEDIA_ALLOW_CIDRS }: MediaSettings) {
  const cidrs = MEDIA_ALLOW_CIDRS.split(',').map((cidr) => cidr.trim());
  try {
    return createAddressPolicy(cidrs.filter(Boolean));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(`MEDIA_ALLOW_CIDRS is invalid: ${error.message}`, { cause: error });
  }
}

function storeOf(settings: MediaSettings): ObjectStore {
  const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY, MINIO_PUBLIC_URL } = settings;
  if (MINIO_ENDPOINT === undefined) return createDirectoryStore(settings.MEDIA_DIR);
  if (!MINIO_ACCESS_KEY || !MINIO_SECRET_KEY) {
    const missing = MINIO_ACCESS_KEY ? 'MINIO_SECRET_KEY' : 'MINIO_ACCESS_KEY';
    throw new ConfigError(`${missing} is missing: set it, or unset MINIO_ENDPOINT to store files in MEDIA_DIR`);
  }
  return createS3Store({
    endpoint: endpointOf(settings),
    accessKey: MINIO_ACCESS_KEY,
    secretKey: MINIO_SECRET_KEY,
    bucket: settings.MINIO_BUCKET,
    region: settings.MINIO_REGION,
    publicUrl: MINIO_PUBLIC_URL?.replace(/\/$/, ''),
  });
}

/** The endpoint as a URL, whether it was written as one or as a host with its port and protocol beside it. */
export function endpointOf({ MINIO_ENDPOINT = '', MINIO_PORT, MINIO_USE_SSL = true }: MediaSettings): string {
  const hasProtocol = /^https?:\/\//.test(MINIO_ENDPOINT);
  const url = new URL(hasProtocol ? MINIO_ENDPOINT : `${MINIO_USE_SSL ? 'https' : 'http'}://${MINIO_ENDPOINT}`);
  if (MINIO_PORT !== undefined && url.port === '') url.port = String(MINIO_PORT);
  return url.origin;
}

/** WhatsApp takes no larger file: where files have no limit, what is made of them has this one. */
const mostConvertedBytes = 2_147_483_648;

/** Variables of apps that convert files. */
export const conversionSettings = {
  FFMPEG_PATH: Type.String({
    default: 'ffmpeg',
    description: 'the ffmpeg program, on the PATH or as a path; ffprobe is expected beside it,',
    examples: ['/usr/bin/ffmpeg'],
  }),
  MEDIA_CONVERSIONS: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 2,
    description: 'how many files are converted at the same time,',
    examples: [2],
  }),
  MEDIA_CONVERSION_TIMEOUT_SECONDS: Type.Number({
    minimum: 1,
    maximum: 3_600,
    default: 120,
    description: 'the longest time in seconds for converting a file,',
    examples: [120],
  }),
  MEDIA_WORK_DIR: Type.Optional(
    Type.String({
      description: "the directory for files that are being converted; default: the system's for temporary files,",
      examples: ['/var/tmp'],
    }),
  ),
} as const;

const conversionSchema = Type.Object(conversionSettings);
/** What `conversionSettings` are read to. */
export type ConversionSettings = Static<typeof conversionSchema>;

/** A converter as the settings describe it; no program is looked for before it is used. */
export function openConverter(settings: ConversionSettings & Pick<MediaSettings, 'MEDIA_MAX_FILE_BYTES'>): Converter {
  return createConverter({
    ffmpegPath: settings.FFMPEG_PATH,
    concurrency: settings.MEDIA_CONVERSIONS,
    timeoutMs: settings.MEDIA_CONVERSION_TIMEOUT_SECONDS * 1_000,
    maxBytes: settings.MEDIA_MAX_FILE_BYTES || mostConvertedBytes,
    folder: settings.MEDIA_WORK_DIR,
  });
}
