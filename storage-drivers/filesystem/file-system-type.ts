/** Whether what `stat` says is what is there. */

/** The numbers that statfs(2) gives. */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58_46_53_42, // XFS
  0x91_23_68_3e, // Btrfs
  0xf2_f5_20_10, // F2FS
  0x2f_c1_2f_c1, // ZFS
  0x01_02_19_94, // tmpfs
  0x79_4c_76_30, // overlayfs
]);

/** False for NFS and whatever else may answer from a memory of its own for a while. */
export const isLocal = (type: number): boolean => localTypes.has(type);
