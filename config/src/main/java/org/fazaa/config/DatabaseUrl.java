package org.fazaa.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Where a PostgreSQL database is and who enters it. */
public record DatabaseUrl(String host, int port, String name, String user, Secret password) {

  /**
   * Reads {@code postgresql://user:password@host:port/name}; the port may be left out (5432).
   *
   * @throws IllegalArgumentException saying what is missing
   */
  public static DatabaseUrl parse(String written) {
    var uri = URI.create(written);
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw new IllegalArgumentException("it must begin with postgresql://");
    }
    if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException("it needs a host and a database: //host:5432/fazaa");
    }
    if (uri.getRawUserInfo() == null) {
      throw new IllegalArgumentException("it needs a user: //user:password@host/fazaa");
    }
    var user = uri.getRawUserInfo().split(":", 2);
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        uri.getPath().substring(1),
        decoded(user[0]),
        new Secret(user.length < 2 ? "" : decoded(user[1])));
  }

  /** True when the connection never leaves this machine, so that it may go without TLS. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  public DatabaseUrl as(String otherUser, Secret otherPassword) {
    return new DatabaseUrl(host, port, name, otherUser, otherPassword);
  }

  public DatabaseUrl database(String otherName) {
    return new DatabaseUrl(host, port, otherName, user, password);
  }

  /** The same place for JDBC, which only migrations and the embedded server use. */
  String jdbc() {
    var tls = loopback() ? "disable" : "verify-full";
    return "jdbc:postgresql://" + host + ":" + port + "/" + name + "?sslmode=" + tls;
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
