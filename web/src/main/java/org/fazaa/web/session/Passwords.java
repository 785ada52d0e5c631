package org.fazaa.web.session;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id with OWASP's smallest sound cost. It burns a core and 19 MiB for each try, so few run at
 * once and few may wait; beyond that {@link java.util.concurrent.RejectedExecutionException}.
 */
public final class Passwords implements AutoCloseable {

  public static final int LENGTH_MIN = 12;
  public static final int LENGTH_MAX = 128;

  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int AT_ONCE = 2;
  private static final int WAITING_MAX = 64;
  private static final String PREFIX =
      "$argon2id$v=19$m=%d,t=%d,p=1$".formatted(MEMORY_KIB, PASSES);

  private final SecureRandom random = new SecureRandom();
  private final ExecutorService workers =
      new ThreadPoolExecutor(
          AT_ONCE, AT_ONCE, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX));

  /** In PHC form, with its own salt. */
  public String hash(String password) {
    return onWorker(
        () -> {
          var salt = new byte[SALT_BYTES];
          random.nextBytes(salt);
          var base64 = Base64.getEncoder().withoutPadding();
          return PREFIX
              + base64.encodeToString(salt)
              + "$"
              + base64.encodeToString(derive(password, salt));
        });
  }

  /**
   * Takes as long for an account that has no password, so that nobody learns which logins exist.
   */
  boolean matches(String password, String hash) {
    return onWorker(
        () -> {
          if (hash == null || !hash.startsWith(PREFIX)) {
            derive(password, new byte[SALT_BYTES]);
            return false;
          }
          var parts = hash.substring(PREFIX.length()).split("\\$");
          var salt = Base64.getDecoder().decode(parts[0]);
          return MessageDigest.isEqual(
              Base64.getDecoder().decode(parts[1]), derive(password, salt));
        });
  }

  @Override
  public void close() {
    workers.shutdown();
  }

  private <T> T onWorker(Supplier<T> work) {
    return Future.fromCompletionStage(CompletableFuture.supplyAsync(work, workers)).await();
  }

  private static byte[] derive(String password, byte[] salt) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    var hash = new byte[HASH_BYTES];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
