package org.fazaa.web;

import org.fazaa.config.TcpProxy;

/** The program where nothing but a network of its own is in reach: the database comes to it. */
final class NodeInNetwork {
  static final int DATABASE_PORT = 15_432;

  private NodeInNetwork() {}

  /**
   * @param arguments host and port of the line to the database
   */
  public static void main(String[] arguments) {
    TcpProxy.at("127.0.0.1", DATABASE_PORT, arguments[0], Integer.parseInt(arguments[1]));
    Fazaa.main(new String[0]);
  }
}
