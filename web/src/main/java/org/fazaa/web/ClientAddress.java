package org.fazaa.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * From where somebody comes, for limits on how much. A proxy of ours is believed what it says of
 * whoever stands before it; what anybody else writes into that header proves nothing.
 */
public final class ClientAddress {
  private static final Pattern GROUP = Pattern.compile(":");
  private static final int NETWORK_GROUPS = 4;

  private final Set<String> proxies;

  /** {@code proxies} are the addresses of those before us. */
  public ClientAddress(Set<String> proxies) {
    this.proxies = proxies;
  }

  /** An IPv4 address, or the network of an IPv6 one: of those a single house has very many. */
  public String of(HttpServerRequest request) {
    var address = request.remoteAddress().hostAddress();
    var told = request.headers().getAll("X-Forwarded-For");
    var hops = String.join(",", told).split(",");
    for (var i = hops.length - 1; i >= 0 && proxies.contains(address); i--) {
      var hop = hops[i].strip();
      if (!hop.isEmpty()) address = hop;
    }
    return network(address);
  }

  private static String network(String address) {
    if (address.indexOf(':') < 0) return address;
    var whole = address.contains("::") ? written(address) : address;
    var groups = GROUP.split(whole);
    return Arrays.stream(groups).limit(NETWORK_GROUPS).collect(Collectors.joining(":"));
  }

  // The zeros that "::" stands for, written out.
  private static String written(String address) {
    var sides = address.split("::", -1);
    var missing = 8 - groups(sides[0]) - groups(sides[1]);
    var zeros = "0:".repeat(Math.max(0, missing));
    var before = sides[0].isEmpty() ? "" : sides[0] + ":";
    return before + zeros + sides[1];
  }

  private static int groups(String side) {
    return side.isEmpty() ? 0 : GROUP.split(side).length;
  }
}
