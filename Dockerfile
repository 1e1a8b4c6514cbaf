# One image for all processes of the shop. The command selects the process.
# Debian, not Alpine: Temporal's native bridge is built for glibc only.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
# Makes processes refuse development secrets and sandboxes; docker-compose.yml, which is for trials, overrides it.
ENV NODE_ENV=production
WORKDIR /app
# A named volume that is mounted here gets this owner.
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY deploy/healthy.mjs ./deploy/healthy.mjs
USER node
# The API; sockets (dist/realtime/main.js) listen on 3002.
EXPOSE 3000 3002
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "deploy/healthy.mjs", "http://127.0.0.1:3000/health/live"]
CMD ["node", "dist/api/main.js"]
