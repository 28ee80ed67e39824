// Batches that other producers compressed. The client brings gzip alone and stops for good at anything else, so all four
// of Kafka's codecs are registered; ours are written uncompressed.
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { compress, uncompress } from 'snappy';

type Encoder = { readonly buffer: Buffer };
type Codec = { compress(encoder: Encoder): Promise<Buffer>; decompress(buffer: Buffer): Promise<Buffer> };

/** The header with which Java's library frames blocks of snappy: magic, version, oldest compatible version. */
const xerialMagic = Buffer.from('82534e4150505900', 'hex');
const xerialHeaderBytes = 16;

async function decompressXerial(buffer: Buffer): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < buffer.length; ) {
    const sizeBytes = buffer.readUInt32BE(at);
    blocks.push((await uncompress(buffer.subarray(at + 4, at + 4 + sizeBytes), { asBuffer: true })) as Buffer);
    at += 4 + sizeBytes;
  }
  return Buffer.concat(blocks);
}

const snappy: Codec = {
  compress: ({ buffer }) => compress(buffer),
  async decompress(buffer) {
    const isXerial = buffer.subarray(0, xerialMagic.length).equals(xerialMagic);
    return isXerial ? decompressXerial(buffer) : ((await uncompress(buffer, { asBuffer: true })) as Buffer);
  },
};
const lz4: Codec = { compress: ({ buffer }) => compressFrame(buffer), decompress: decompressFrame };
const zstd: Codec = {
  compress: ({ buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer) => promisify(zstdDecompress)(buffer),
};

/** The client keeps its codecs for the whole process; registering them again changes nothing. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
