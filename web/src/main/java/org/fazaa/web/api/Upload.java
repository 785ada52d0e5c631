package org.fazaa.web.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.fazaa.web.Problem;
import org.fazaa.web.WebServer;

/**
 * A large body, kept in a file while it comes in: only then is it known whether it is the one that
 * came under the same key before. Memory holds no more than what the disk has not taken yet.
 */
final class Upload implements AutoCloseable {

  private final HttpServerRequest request;
  private final AsyncFile file;
  private final Path path;
  private final MessageDigest digest = sha256();
  private final Promise<Void> received = Promise.promise();
  private long bytes;

  private Upload(HttpServerRequest request, AsyncFile file, Path path) {
    this.request = request;
    this.file = file;
    this.path = path;
    digest.update(request.path().getBytes(StandardCharsets.UTF_8));
  }

  /** Receives the body of a request that was paused when it came. */
  static Upload receive(Vertx vertx, HttpServerRequest request) {
    var path = vertx.fileSystem().createTempFile("fazaa", ".csv").await();
    var file = vertx.fileSystem().open(path, new OpenOptions().setWrite(true)).await();
    var upload = new Upload(request, file, Path.of(path));
    try {
      upload.take().await();
      return upload;
    } catch (RuntimeException e) {
      upload.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  byte[] digest() {
    return digest.digest();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Future<Void> take() {
    request.handler(this::write);
    request.endHandler(ended -> file.close().onComplete(received));
    request.exceptionHandler(this::giveUp);
    file.drainHandler(drained -> request.resume());
    request.resume();
    return received.future();
  }

  private void write(Buffer part) {
    bytes += part.length();
    if (bytes > WebServer.IMPORT_MAX) {
      request.pause();
      giveUp(Problem.tooLarge(WebServer.IMPORT_MAX).refused());
    } else if (!received.future().isComplete()) {
      digest.update(part.getBytes());
      file.write(part).onFailure(this::giveUp);
      if (file.writeQueueFull()) request.pause();
    }
  }

  private void giveUp(Throwable why) {
    if (received.tryFail(why)) file.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
