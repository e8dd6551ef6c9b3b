package dev.gatehouse.spring;

import static dev.gatehouse.testkit.MockMvcSignIn.signedIn;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.testkit.TestSession;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.servlet.MockMvc;

/** A test of an application with MockMvc: the filter and Spring Security stand in front as they do in a container. */
@SpringBootTest(classes = {TestApplication.class, MockMvcSignInTest.InMemory.class})
@AutoConfigureMockMvc
class MockMvcSignInTest {

    /** Nothing is left of it. */
    @Configuration(proxyBeanMethods = false)
    static class InMemory {
        @Bean
        GatehouseBuilderCustomizer memory() {
            return builder -> builder.storage(new dev.gatehouse.store.MemoryStorage())
                    .keyring(dev.gatehouse.crypto.LocalKeyring.random());
        }
    }

    @Autowired
    private MockMvc mvc;

    @Autowired
    private Gatehouse gatehouse;

    @Test
    void signedInAsSomebody() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "ada@example.com");
        mvc.perform(get("/").with(signedIn(ada)))
                .andExpect(content().string(Matchers.startsWith("Hello ada@example.com")));
        mvc.perform(get("/")).andExpect(status().isUnauthorized());
    }

    @Test
    void signedInWithARole() throws Exception {
        String acme = gatehouse.organizations().create("Acme").id();
        TestSession root = TestSession.of(gatehouse, "root@example.com", acme, "admin");
        TestSession bob = TestSession.of(gatehouse, "bob@example.com", acme, null);
        mvc.perform(get("/admin").with(signedIn(root))).andExpect(status().isOk());
        mvc.perform(get("/admin").with(signedIn(bob))).andExpect(status().isForbidden());
    }

    @Test
    void aFormWithSpringsOwnCsrfHelper() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "ada@example.com");
        mvc.perform(post("/write").with(signedIn(ada)).with(csrf()))
                .andExpect(content().string("written"));
        mvc.perform(post("/write").with(signedIn(ada))).andExpect(status().isForbidden());
        mvc.perform(post("/write").with(signedIn(ada)).with(csrf().useInvalidToken()))
                .andExpect(status().isForbidden());
    }
}
