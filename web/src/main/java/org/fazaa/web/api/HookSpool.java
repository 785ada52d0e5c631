package org.fazaa.web.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Where webhooks wait on this machine's disk while the database is away: one line each, on the disk
 * before it is answered for. They name people, so nobody else may read them. All of it blocks.
 */
public final class HookSpool {

  /** About a hundred thousand webhooks: half an hour of the busiest crisis. */
  public static final long BYTES_MAX = 64L << 20;

  private static final String WAITING = "hooks.jsonl";
  private static final String TAKEN = "hooks-taken-";
  private static final String FAILED = "hooks-failed.jsonl";
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Path folder;
  private final long bytesMax;
  private final ReentrantLock turn = new ReentrantLock();

  public HookSpool(Path data) {
    this(data, BYTES_MAX);
  }

  HookSpool(Path data, long bytesMax) {
    this.folder = data.resolve("spool");
    this.bytesMax = bytesMax;
  }

  /**
   * Returns once it is on the disk.
   *
   * @throws IOException when it is not, or when there is no more room
   */
  void keep(Hook hook) throws IOException {
    write(WAITING, hook);
  }

  /** What not even a working database can take is left for a person. */
  void keepFailed(Hook hook) throws IOException {
    write(FAILED, hook);
  }

  private void write(String file, Hook hook) throws IOException {
    // The line before it may have been cut off.
    var line = ByteBuffer.wrap(("\n" + hook.written() + "\n").getBytes(StandardCharsets.UTF_8));
    alone(
        () -> {
          if (waitingBytes() + line.remaining() > bytesMax) {
            throw new IOException("the spool is full");
          }
          try (var channel = open(folder.resolve(file))) {
            while (line.hasRemaining()) {
              channel.write(line);
            }
            channel.force(true);
          }
          return true;
        });
  }

  /** Bytes that wait. */
  long waitingBytes() throws IOException {
    long bytes = 0;
    for (var file : files()) {
      bytes += bytes(file);
    }
    return bytes;
  }

  private static long bytes(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // it was taken away or done with just now
    }
  }

  /** A file of them to replay, if any; it is there until {@link #done}, whoever dies meanwhile. */
  Optional<Path> take() throws IOException {
    if (files().isEmpty()) return Optional.empty();
    return alone(
        () -> {
          var waiting = folder.resolve(WAITING);
          if (Files.exists(waiting)) {
            var taken = folder.resolve(TAKEN + UUID.randomUUID() + ".jsonl");
            Files.move(waiting, taken, StandardCopyOption.ATOMIC_MOVE);
          }
          return files().stream().findFirst();
        });
  }

  List<Hook> read(Path taken) throws IOException {
    var hooks = new ArrayList<Hook>();
    try (var lines = Files.newBufferedReader(taken, StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        Hook.read(line).ifPresent(hooks::add);
      }
    }
    return hooks;
  }

  /** All of it is in the database. */
  void done(Path taken) throws IOException {
    Files.deleteIfExists(taken);
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) return List.of();
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("hooks"))
          .filter(file -> file.getFileName().toString().endsWith(".jsonl"))
          .filter(file -> !file.getFileName().toString().equals(FAILED))
          .sorted()
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  // One at a time, in this process and among those that share the folder: no line is written to a
  // file that somebody has just taken away.
  private <T> T alone(Step<T> step) throws IOException {
    turn.lock();
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (var guard = open(folder.resolve("lock"));
          var lock = guard.lock()) {
        return lock.isValid() ? step.run() : null;
      }
    } finally {
      turn.unlock();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    var owner = PosixFilePermissions.fromString("rw-------");
    return FileChannel.open(file, APPEND, PosixFilePermissions.asFileAttribute(owner));
  }
}
