# One image for api, worker and migrations: the command chooses. Debian, because Temporal's core has no musl build.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Without the embedded PostgreSQL, which is for laptops, and the compiler behind the workflow bundle, which is built.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24-bookworm-slim
# WITH_SPEECH=true puts the local speech-to-text engine (python, 300 MB) into the image.
ARG WITH_SPEECH=false
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg tini ca-certificates \
 && if [ "$WITH_SPEECH" = true ]; then apt-get install -y --no-install-recommends python3 python3-pip; fi \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /app /app/.cache /data
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data FFMPEG_PATH=/usr/bin/ffmpeg
COPY --from=dependencies --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
COPY --chown=node:node package.json ./
# The python programs and the pins of what they need lie beside the sources.
COPY --chown=node:node src ./src
USER node
RUN if [ "$WITH_SPEECH" = true ]; then node -e "require('./dist/src/tools/speech').findSpeech({ log: console.log }).catch((e) => { console.error(e); process.exit(1) })"; fi
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/api/main.js"]
