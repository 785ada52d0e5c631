package org.fazaa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The files of this repository, as the tests of the house rules read them. */
final class Sources {
  static final List<String> MODULES =
      List.of("config", "notifier", "dispatcher", "fund-ledger", "web");

  /** Surefire runs in web/, an editor often in the root. */
  static final Path ROOT =
      Files.exists(Path.of("web"))
          ? Path.of("").toAbsolutePath()
          : Path.of("").toAbsolutePath().getParent();

  /** What others wrote carries its version in its name. */
  private static final Pattern VENDORED = Pattern.compile("-\\d+\\.\\d[^/]*$");

  record Source(Path path, String text) {
    String module() {
      return path.getName(0).toString();
    }

    List<String> lines() {
      return text.lines().toList();
    }
  }

  /** What we wrote that matches, without what is vendored or generated; paths from the root. */
  static List<Source> matching(String glob) {
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (var files = Files.walk(ROOT)) {
      return files
          .map(ROOT::relativize)
          .filter(matcher::matches)
          .filter(path -> path.getNameCount() < 2 || !path.getName(1).toString().equals("target"))
          .filter(path -> !VENDORED.matcher(path.toString()).find())
          .sorted()
          .map(Sources::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Source> mainJava() {
    return matching("*/src/main/java/**.java");
  }

  static Source read(Path path) {
    try {
      return new Source(path, Files.readString(ROOT.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Sources() {}
}
