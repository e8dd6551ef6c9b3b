package dev.gatehouse.sso.saml;

import org.opensaml.core.config.InitializationException;
import org.opensaml.core.config.Initializer;
import org.opensaml.core.xml.config.GlobalParserPoolInitializer;
import org.opensaml.saml.config.impl.SAMLConfigurationInitializer;
import org.opensaml.xmlsec.config.DecryptionParserPoolInitializer;
import org.opensaml.xmlsec.config.GlobalAlgorithmRegistryInitializer;
import org.opensaml.xmlsec.config.impl.ApacheXMLSecurityInitializer;
import org.opensaml.xmlsec.config.impl.GlobalSecurityConfigurationInitializer;
import org.opensaml.xmlsec.config.impl.JavaCryptoValidationInitializer;

/**
 * Starts OpenSAML when it is first needed, which takes a second or two: its own service would also start what wants
 * HttpClient and Metrics, and these are not here. Apache Santuario alone is started first and quickly, for reading.
 */
final class OpenSaml {
    private OpenSaml() {}

    /** For building messages. */
    static void ready() {
        Objects.start();
    }

    /** For verifying and decrypting. */
    static void securityReady() {
        Security.start();
    }

    private static void start(Initializer... initializers) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // it looks for its own parts with the loader of whoever happens to be first
        thread.setContextClassLoader(OpenSaml.class.getClassLoader());
        try {
            for (Initializer initializer : initializers) {
                initializer.init();
            }
        } catch (InitializationException e) {
            throw new IllegalStateException("OpenSAML does not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A class is initialised once, by one thread, when it is first used. */
    private static final class Security {
        static {
            OpenSaml.start(new ApacheXMLSecurityInitializer());
        }

        static void start() {
            // the class is initialised now
        }
    }

    private static final class Objects {
        static {
            Security.start();
            OpenSaml.start(
                    new org.opensaml.core.xml.config.XMLObjectProviderInitializer(),
                    new GlobalParserPoolInitializer(),
                    new GlobalAlgorithmRegistryInitializer(),
                    new DecryptionParserPoolInitializer(),
                    new JavaCryptoValidationInitializer(),
                    new org.opensaml.xmlsec.config.impl.XMLObjectProviderInitializer(),
                    new GlobalSecurityConfigurationInitializer(),
                    new org.opensaml.saml.config.impl.XMLObjectProviderInitializer(),
                    new SAMLConfigurationInitializer());
        }

        static void start() {
            // the class is initialised now
        }
    }
}
