/** A tar of so many small files in one directory, without a file on the disk. */
export function manyFiles(count: number): Buffer {
  const tar = Buffer.alloc(count * 1024 + 1024);
  for (let index = 0; index < count; index += 1) {
    const text = `the ${index}th\n`;
    const header = tar.subarray(index * 1024, index * 1024 + 512);
    header.write(`big/${String(index).padStart(7, '0')}.txt`);
    header.write('0000644', 100);
    header.write(text.length.toString(8).padStart(11, '0'), 124);
    header.write('14000000000', 136);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    tar.write(text, index * 1024 + 512);
  }
  return tar;
}
