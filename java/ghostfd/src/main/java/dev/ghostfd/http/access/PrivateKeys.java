/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in the three forms that openssl writes: PKCS #8, and the older ones of RSA (RFC 8017 A.1.2) and of elliptic
 * curves (RFC 5915), which the JDK does not read and which are put into a PKCS #8 envelope (RFC 5958) here.
 */
final class PrivateKeys {
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int EC_PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    /** rsaEncryption, 1.2.840.113549.1.1.1, with its parameters: NULL. */
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    /** id-ecPublicKey, 1.2.840.10045.2.1; its parameters, the curve, follow. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private PrivateKeys() {}

    static PrivateKey read(PemSource source) throws WebConfigException {
        Matcher pem = PEM.matcher(source.read());
        if (!pem.find()) {
            throw source.error("no private key in it; a line '-----BEGIN PRIVATE KEY-----' is needed");
        }
        if (pem.group(1).startsWith("ENCRYPTED") || pem.group(2).contains("ENCRYPTED")) {
            throw source.error("the key is encrypted, and nobody is there to type the password; store it decrypted");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            return decode(
                    switch (pem.group(1)) {
                        case "RSA PRIVATE KEY" -> envelope(RSA, der);
                        case "EC PRIVATE KEY" -> envelope(concat(EC, curve(der)), der);
                        default -> der;
                    });
        } catch (IllegalArgumentException | IndexOutOfBoundsException | GeneralSecurityException damaged) {
            throw source.error("the private key is damaged or of a kind that is not supported");
        }
    }

    private static PrivateKey decode(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException another) {
                /* The envelope names its algorithm, but only the factories can read it. */
            }
        }
        throw new InvalidKeySpecException("no known algorithm");
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, concat(VERSION_0, der(SEQUENCE, algorithm), der(OCTETS, key)));
    }

    /** The object identifier in the field [0] of an ECPrivateKey: version, octets, [0] parameters, [1] public key. */
    private static byte[] curve(byte[] key) {
        int position = contents(key, 0);
        while (position < key.length) {
            int end = end(key, position);
            if ((key[position] & 0xff) == EC_PARAMETERS) {
                return Arrays.copyOfRange(key, contents(key, position), end);
            }
            position = end;
        }
        throw new IllegalArgumentException("no curve named");
    }

    /** Where the contents of the element at a position begin. */
    private static int contents(byte[] der, int position) {
        int first = der[position + 1] & 0xff;
        return position + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int end(byte[] der, int position) {
        int first = der[position + 1] & 0xff;
        int from = contents(der, position);
        int length = first < 0x80 ? first : 0;
        for (int i = position + 2; i < from; i++) {
            length = length << 8 | der[i] & 0xff;
        }
        if (length < 0 || length > der.length - from) {
            throw new IllegalArgumentException("cut off");
        }
        return from + length;
    }

    private static byte[] der(int tag, byte[] contents) {
        int length = contents.length;
        byte[] header;
        if (length < 0x80) {
            header = new byte[] {(byte) tag, (byte) length};
        } else if (length < 0x100) {
            header = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        } else {
            header = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return concat(header, contents);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
