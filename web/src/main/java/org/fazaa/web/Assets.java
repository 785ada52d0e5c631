package org.fazaa.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that pages load, each under an address that changes when the file does, so that it may be
 * kept for ever.
 */
public final class Assets {

  /** A file with its kind, ready to be sent. */
  public record Asset(String type, byte[] bytes) {}

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "woff2", "font/woff2");

  private final Map<String, String> paths = new ConcurrentHashMap<>();

  /**
   * The address of a file: its name with the first digits of its SHA-256 between stem and ending.
   */
  public String path(String name) {
    return paths.computeIfAbsent(name, Assets::hashed);
  }

  /** The file at an address, if its hash is the one that the file has now. */
  public Optional<Asset> find(String path) {
    var parts = path.split("~", -1);
    if (parts.length != 2 || !parts[1].contains(".") || path.contains("/")) return Optional.empty();
    var ending = parts[1].substring(parts[1].indexOf('.') + 1);
    var name = parts[0] + "." + ending;
    if (!TYPES.containsKey(ending) || Assets.class.getResource("/assets/" + name) == null) {
      return Optional.empty();
    }
    if (!path(name).endsWith("/" + path)) return Optional.empty();
    return Optional.of(new Asset(TYPES.get(ending), withHashedNames(name, ending)));
  }

  // A stylesheet names its fonts plainly; their hashed addresses are put in as it is sent.
  private byte[] withHashedNames(String name, String ending) {
    var bytes = bytes(name);
    if (!ending.equals("css") || !name.startsWith("fazaa")) return bytes;
    var css = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    for (var font : FONTS) css = css.replace("url(" + font + ")", "url(" + path(font) + ")");
    return css.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static final String[] FONTS = {
    "plex-arabic-400.woff2", "plex-arabic-600.woff2", "plex-latin-400.woff2", "plex-latin-600.woff2"
  };

  private static String hashed(String name) {
    var dot = name.lastIndexOf('.');
    var hash = HexFormat.of().formatHex(sha256(bytes(name)), 0, 6);
    return "/assets/" + name.substring(0, dot) + "~" + hash + name.substring(dot);
  }

  private static byte[] bytes(String name) {
    try (var file = Assets.class.getResourceAsStream("/assets/" + name)) {
      if (file == null) throw new IllegalArgumentException("no asset " + name);
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
